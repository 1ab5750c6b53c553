import type { Spec } from 'vega'
import type { Filling } from '../experiments/index.ts'
import { escapeHtml } from './escape-html.ts'
import { fillAnswer } from './fill-answer.ts'
import { fillCharts } from './fill-charts.ts'
import { fillTable } from './fill-table.ts'
import { formatCount, formatNumber } from './format-number.ts'
import { figure } from './page/figure.ts'
import { htmlTable } from './page/html-table.ts'
import { page } from './page/page.ts'
import { optionName, quoted } from './repeat-command.ts'
import { resourceName } from './resource-name.ts'

const SECTIONS = { allocation: 'Allocation', fragmentation: 'Unusable GPU by cause' } satisfies Record<keyof typeof fillCharts, string>

/** The page of a fill: the answer, the table, the charts, and what made them. */
export async function fillHtml(filling: Filling): Promise<string> {
  const { headline, details } = fillAnswer(filling)
  const { trace, runs } = filling
  const live: Record<string, Spec> = {}
  const sections: string[] = []
  for (const [name, chart] of Object.entries(fillCharts)) {
    const drawn = await figure(filling, name, chart, true)
    if (drawn === null) continue
    Object.assign(live, drawn.live)
    sections.push(`<section id="${name}"><h2>${SECTIONS[name as keyof typeof fillCharts]}</h2>${drawn.html}</section>`)
  }
  const seeds = new Set(runs.map(({ seed }) => seed)).size
  return page({
    title: `${trace.path}: ${headline}`,
    kicker: [
      trace.lists.length === 1 ? trace.lists[0].name : formatCount(trace.lists.length, 'list'),
      formatCount(trace.machines, 'machine'),
      `${formatNumber(trace.capacity, 0)} ${resourceName(trace.resource)}`,
      formatCount(seeds, 'seed'),
    ],
    headline,
    details,
    sections: [htmlTable(fillTable(filling), 'All policies', NOTE), ...sections, whatWasRun(filling)],
    live,
    pictures: null,
    stowage: filling.stowage,
  })
}

const NOTE =
  'Tasks are submitted one by one in an order shuffled by seed, regardless of time; nothing leaves, and what finds no room is dropped.'

function whatWasRun({ trace, options }: Filling): string {
  const row = ([name, value]: readonly [string, string]) =>
    `<tr><th scope="row" class="fact-name">${escapeHtml(name)}</th><td class="fact">${escapeHtml(value).replaceAll(',', ',<wbr>')}</td></tr>`
  const lists = trace.lists.map(({ name, tasks }) => [name, formatCount(tasks, 'task')] as const)
  const set = Object.entries(options).filter(([, value]) => value !== null)
  const typed = set.map(([name, value]) => `--${optionName(name)} ${quoted(String(value))}`)
  return `<section><h2>What was run</h2><div class="facts">
<div><h3>Lists of tasks</h3><table><tbody>${lists.map(row).join('')}</tbody></table></div>
<div><h3>Options</h3><table><tbody>${set.map(([name, value]) => row([optionName(name), String(value)])).join('')}</tbody></table></div>
</div><h3 style="margin-top:20px;font-size:15px">Again</h3><pre>${escapeHtml(['stowage fill', quoted(trace.path), ...typed].join(' '))}</pre></section>`
}
