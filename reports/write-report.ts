import { join } from 'node:path'
import type { Comparison } from '../experiments/index.ts'
import { charts } from './charts.ts'
import { htmlReport } from './html-report.ts'
import { resultsJson } from './results-json.ts'
import { summaryCsv } from './summary-csv.ts'
import { writeCharts } from './write-charts.ts'
import { makeFolder, writeWhole } from './write-whole.ts'

/** Writes everything that a comparison gives into a folder, the results first: from them the rest can be made again. */
export async function writeReport(comparison: Comparison, folder: string): Promise<void> {
  const json = resultsJson(comparison)
  await makeFolder(folder)
  await writeWhole(join(folder, 'results.json'), json)
  await writeWhole(join(folder, 'summary.csv'), summaryCsv(comparison))
  await writeCharts(comparison, charts, folder)
  await writeWhole(join(folder, 'report.html'), await htmlReport(comparison))
}
