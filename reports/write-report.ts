import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Comparison } from '../experiments/index.ts'
import { charts } from './charts.ts'
import { htmlReport } from './html-report.ts'
import { renderSvg } from './render-svg.ts'
import { resultsJson } from './results-json.ts'
import { summaryCsv } from './summary-csv.ts'
import { makeFolder, writeWhole } from './write-whole.ts'

/** Writes everything that a comparison gives into a folder, the results first: from them the rest can be made again. */
export async function writeReport(comparison: Comparison, folder: string): Promise<void> {
  const json = resultsJson(comparison)
  await makeFolder(join(folder, 'charts'))
  await writeWhole(join(folder, 'results.json'), json)
  await writeWhole(join(folder, 'summary.csv'), summaryCsv(comparison))
  for (const [name, chart] of Object.entries(charts)) {
    const spec = chart(comparison)
    const [source, picture] = [join(folder, 'charts', `${name}.vl.json`), join(folder, 'charts', `${name}.svg`)]
    if (spec === null) {
      // A chart of an earlier report in this folder would pass for one of this comparison.
      await Promise.all([rm(source, { force: true }), rm(picture, { force: true })])
      continue
    }
    await writeWhole(source, `${JSON.stringify(spec)}\n`)
    await writeWhole(picture, `${await renderSvg(spec, name)}\n`)
  }
  await writeWhole(join(folder, 'report.html'), await htmlReport(comparison))
}
