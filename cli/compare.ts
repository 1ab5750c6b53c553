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
    .option(
      '--packing <policies>',
      `packing policies, separated by commas; those for any cell where no --scheduler is given (${forAnyCell.join(',')})`,
    )
    .option('--scheduler <files>', 'kube-scheduler by its configuration: a.yaml,b.yaml:version=1.34, or default for none at all')
    .option('--admission <policies>', 'admission policies', 'admit-all')
    .option('--overcommit <policies>', 'overcommit policies', 'none')
    .option('--seeds <n>', 'how many seeds', '11')
    .option('--as-recorded', 'add a row for where and when the trace itself placed its runs', false)
    .option('--machines-needed', 'find how many machines each policy needs (by default, but not for a Kubernetes cluster)')
    .option('--no-machines-needed', 'leave that out')
    .action(async (trace: string, flags: RunFlags) => {
      const { out, formatOut, quiet, processes, ...rest } = flags
      const packing = flags.packing ?? (flags.scheduler === undefined ? forAnyCell.join(',') : '')
      await runComparison('compare', { ...rest, packing, trace }, { out, formatOut, quiet, processes })
    })
}
