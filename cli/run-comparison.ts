import { join } from 'node:path'
import { type Comparison, compare, type RunAnswer } from '../experiments/index.ts'
import { makeFolder, summaryCsv, terminalTable, writeReport, writeWhole } from '../reports/index.ts'
import { progress } from './progress.ts'
import { readChoice, readCount } from './read-value.ts'
import type { PrintOptions } from './run-options.ts'
import { optionsOf, planRuns, type RunRequest } from './run-request.ts'
import { unfinished } from './unfinished.ts'
import { version } from './version.ts'

/** What can be printed. */
export const FORMS = ['table', 'csv', 'json'] as const

/** Runs a request, writes its folder, prints the answer. */
export async function runComparison(command: 'compare' | 'simulate', request: RunRequest, print: PrintOptions): Promise<Comparison> {
  const form = readChoice('--format-out', FORMS, print.formatOut)
  const processes = print.processes === undefined ? undefined : readCount('--processes', print.processes)
  const began = Date.now()
  const { plan, trace } = await planRuns(request)
  // A folder that cannot be written is found out before the work, not after.
  await makeFolder(print.out)
  await writeWhole(join(print.out, 'timing.json'), '{}\n')
  const kept = await unfinished<RunAnswer>(print.out, plan)
  const bar = progress(print.quiet)
  const { timing, ...found } = await compare(plan, { processes, progress: bar.show, kept }).finally(bar.stop)
  const comparison: Comparison = { stowage: version, command, trace, options: optionsOf(request, plan), ...found }
  await writeReport(comparison, print.out)
  await writeWhole(
    join(print.out, 'timing.json'),
    `${JSON.stringify({ began: new Date(began).toISOString(), seconds: (Date.now() - began) / 1000, ...timing }, null, 1)}\n`,
  )
  await kept.clear()
  if (!print.quiet) {
    if (form === 'table')
      process.stdout.write(
        `${terminalTable(comparison)}\nReport: ${join(print.out, 'report.html')}   ${((Date.now() - began) / 1000).toFixed(1)} s\n`,
      )
    else if (form === 'csv') process.stdout.write(summaryCsv(comparison))
    else process.stdout.write(`${JSON.stringify(comparison, null, 1)}\n`)
  }
  return comparison
}
