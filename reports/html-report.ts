import type { Spec } from 'vega'
import type { Comparison } from '../experiments/index.ts'
import { answer } from './answer.ts'
import { type ChartName, charts } from './charts.ts'
import { escapeHtml, scriptJson, scriptText } from './escape-html.ts'
import { formatCount } from './format-number.ts'
import { cellPicture } from './page/cell-picture.ts'
import { comparisonTable } from './page/comparison-table.ts'
import { explorer } from './page/explorer.ts'
import { figure } from './page/figure.ts'
import { pictures } from './page/pictures.ts'
import { pageFile, runtime } from './page/runtime.ts'
import { whatWasRun } from './page/what-was-run.ts'
import { ranking } from './ranking.ts'
import { seeds } from './seeds.ts'

/** What the page calls each chart's section. A chart not named here is in the folder of charts only. */
const SECTIONS: Readonly<Record<ChartName, string>> = {
  'machines-needed': 'Machines needed',
  utilisation: 'Utilisation over time',
  pending: 'Tasks waiting',
  'queueing-delay': 'Queueing delay by tier',
  packing: 'Packing and stranding',
  evictions: 'Evictions',
  cell: 'Picture of the cell',
}

const POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data: blob:"

/** One page that opens without a network, and without JavaScript but for the slider: the answer, the table, the charts, and what made them. */
export async function htmlReport(comparison: Comparison): Promise<string> {
  const { headline, details } = answer(comparison)
  const pictured = pictures(comparison)
  const live: Record<string, Spec> = pictured === null ? {} : { 'cell-picture': await cellPicture() }
  const sections: string[] = []
  for (const [name, chart] of Object.entries(charts)) {
    const drawn = await figure(comparison, name, chart, name !== 'cell')
    if (drawn === null) continue
    Object.assign(live, drawn.live)
    sections.push(
      `<section id="${name}"><h2>${SECTIONS[name as ChartName]}</h2>${drawn.html}${name === 'cell' ? explorer(pictured) : ''}</section>`,
    )
  }
  const ranked = ranking(comparison)
  const cell = ranked[0]?.rows[0].result.machines ?? 0
  const kicker = [
    comparison.trace.name,
    formatCount(cell, 'machine'),
    formatCount(ranked.length, ranked.length === 1 ? 'policy' : 'policies', 'policies'),
    formatCount(seeds(comparison).length, 'seed'),
  ]
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(`${comparison.trace.name}: ${headline}`)}</title>
<style>
${pageFile('style.css')}${pageFile('cell.css')}</style>
</head>
<body>
<header>
<p class="kicker">${kicker.map(escapeHtml).join(' · ')}</p>
<h1>${escapeHtml(headline)}</h1>
<ul class="details">${details.map((detail) => `<li>${escapeHtml(detail)}</li>`).join('')}</ul>
</header>
<main>
${comparisonTable(comparison)}
${sections.join('\n')}
${whatWasRun(comparison)}
</main>
<footer>Made by stowage ${escapeHtml(comparison.stowage)}. Every number here is in results.json and summary.csv beside this page. Charts by Vega.</footer>
<script type="application/json" id="stowage-data">${scriptJson({ ...shareTables(live), pictures: pictured })}</script>
<script>${scriptText(runtime())}</script>
<script>${scriptText(pageFile('client.js'))}</script>
</body>
</html>
`
}

/** The wide and the narrow form of a chart hold the same rows: each table is written once. */
function shareTables(live: Readonly<Record<string, Spec>>): { charts: Record<string, Spec>; tables: unknown[] } {
  const tables: unknown[] = []
  const rowOf = new Map<string, number>()
  const share = (values: unknown): { $data: number } => {
    const text = JSON.stringify(values)
    const row = rowOf.get(text) ?? tables.push(values) - 1
    rowOf.set(text, row)
    return { $data: row }
  }
  const shared = Object.entries(live).map(([name, spec]) => {
    const data = (spec.data ?? []).map((table) =>
      'values' in table && Array.isArray(table.values) && table.values.length > 0 ? { ...table, values: share(table.values) } : table,
    )
    return [name, { ...spec, data }] as const
  })
  return { charts: Object.fromEntries(shared) as Record<string, Spec>, tables }
}
