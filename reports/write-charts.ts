import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { TopLevelSpec } from 'vega-lite'
import { renderSvg } from './render-svg.ts'
import { makeFolder, writeWhole } from './write-whole.ts'

/** Writes each chart that has something to show as Vega-Lite and as SVG into `charts/` of a folder. */
export async function writeCharts<Results>(
  results: Results,
  charts: Readonly<Record<string, (results: Results) => TopLevelSpec | null>>,
  folder: string,
): Promise<void> {
  await makeFolder(join(folder, 'charts'))
  for (const [name, chart] of Object.entries(charts)) {
    const spec = chart(results)
    const [source, picture] = [join(folder, 'charts', `${name}.vl.json`), join(folder, 'charts', `${name}.svg`)]
    if (spec === null) {
      // A chart of an earlier report in this folder would pass for one of these results.
      await Promise.all([rm(source, { force: true }), rm(picture, { force: true })])
      continue
    }
    await writeWhole(source, `${JSON.stringify(spec)}\n`)
    await writeWhole(picture, `${await renderSvg(spec, name)}\n`)
  }
}
