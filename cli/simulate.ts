import { join } from 'node:path'
import { Command } from 'commander'
import { stringify } from 'csv-stringify/sync'
import { writeWhole } from '../reports/index.ts'
import { InputError } from '../sim/index.ts'
import { readList } from './read-value.ts'
import { rerun } from './rerun.ts'
import { runComparison } from './run-comparison.ts'
import { type EventLine, runLog } from './run-log.ts'
import { addRunOptions, type RunFlags } from './run-options.ts'

interface SimulateFlags extends RunFlags {
  readonly eventLog: boolean
}

/** `stowage simulate`: one run, with its full event log on request. */
export function simulateCommand(): Command {
  return addRunOptions(new Command('simulate').description('one run of one combination of policies, with its full event log on request'))
    .option('--packing <policy>', 'packing policy', 'best-fit')
    .option('--admission <policy>', 'admission policy', 'admit-all')
    .option('--overcommit <policy>', 'overcommit policy', 'none')
    .option('--machines-needed', 'also find how many machines are enough', false)
    .option('--no-machines-needed', 'leave that out')
    .option('--event-log', 'write every event and decision to events.csv', false)
    .action(async (trace: string, flags: SimulateFlags) => {
      const { out, formatOut, quiet, processes, eventLog, ...rest } = flags
      for (const kind of ['packing', 'admission', 'overcommit'] as const) {
        if (readList(`--${kind}`, flags[kind]).length > 1)
          throw new InputError(`--${kind}: simulate runs one policy: ${flags[kind]} (compare runs several)`)
      }
      const comparison = await runComparison(
        'simulate',
        { ...rest, trace, seeds: '1', asRecorded: false },
        { out, formatOut, quiet, processes },
      )
      if (!eventLog) return
      const lines: EventLine[] = []
      await rerun(comparison, {}, (run, ran) => [runLog(run, ran, (line) => lines.push(line))])
      const file = join(out, 'events.csv')
      await writeWhole(file, stringify(lines, { header: true, escape_formulas: true }))
      if (!quiet) process.stdout.write(`Events: ${file}, ${lines.length} lines\n`)
    })
}
