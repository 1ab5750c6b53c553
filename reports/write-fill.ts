import { join } from 'node:path'
import type { Filling } from '../experiments/index.ts'
import { fillCharts } from './fill-charts.ts'
import { fillCsv } from './fill-csv.ts'
import { fillHtml } from './fill-html.ts'
import { resultsJson } from './results-json.ts'
import { writeCharts } from './write-charts.ts'
import { makeFolder, writeWhole } from './write-whole.ts'

/** Writes everything that a fill gives into a folder, the results first: from them the rest can be made again. */
export async function writeFill(filling: Filling, folder: string): Promise<void> {
  await makeFolder(folder)
  await writeWhole(join(folder, 'results.json'), resultsJson(filling))
  await writeWhole(join(folder, 'fill.csv'), fillCsv(filling))
  await writeCharts(filling, fillCharts, folder)
  await writeWhole(join(folder, 'report.html'), await fillHtml(filling))
}
