import type { Spec } from 'vega'
import type { Comparison } from '../experiments/index.ts'
import { answer } from './answer.ts'
import { type ChartName, charts } from './charts.ts'
import { formatCount } from './format-number.ts'
import { cellPicture } from './page/cell-picture.ts'
import { comparisonTable } from './page/comparison-table.ts'
import { explorer } from './page/explorer.ts'
import { figure } from './page/figure.ts'
import { page } from './page/page.ts'
import { pictures } from './page/pictures.ts'
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
  return page({
    title: `${comparison.trace.name}: ${headline}`,
    kicker,
    headline,
    details,
    sections: [comparisonTable(comparison), ...sections, whatWasRun(comparison)],
    live,
    pictures: pictured,
    stowage: comparison.stowage,
  })
}
