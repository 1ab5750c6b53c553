import { Command } from 'commander'
import { packingPolicies } from '../policies/index.ts'
import type { PackingPolicy } from '../sim/index.ts'
import { runComparison } from './run-comparison.ts'
import { addRunOptions, type RunFlags } from './run-options.ts'

const forAnyCell = Object.entries(packingPolicies).flatMap(([name, policy]: readonly [string, PackingPolicy]) =>
  policy.cells ? [] : [name],
)

/** `stowage compare`: every combination of policies at every seed, one table, one report. */
export function compareCommand(): Command {
  return addRunOptions(new Command('compare').description('compare policies on a trace: a table, and a report to open in a browser'))
    .option('--packing <policies>', 'packing policies, separated by commas; by default those for any cell', forAnyCell.join(','))
    .option('--admission <policies>', 'admission policies', 'admit-all')
    .option('--overcommit <policies>', 'overcommit policies', 'none')
    .option('--seeds <n>', 'how many seeds', '11')
    .option('--as-recorded', 'add a row for where and when the trace itself placed its runs', false)
    .option('--machines-needed', 'find how many machines each policy needs', true)
    .option('--no-machines-needed', 'leave that out')
    .action(async (trace: string, flags: RunFlags) => {
      const { out, formatOut, quiet, processes, ...rest } = flags
      await runComparison('compare', { ...rest, trace }, { out, formatOut, quiet, processes })
    })
}
