import type { Comparison } from '../../experiments/index.ts'
import { escapeHtml } from '../escape-html.ts'
import { formatDuration } from '../format-duration.ts'
import { formatNumber } from '../format-number.ts'
import { optionName, repeatCommand } from '../repeat-command.ts'
import { seeds } from '../seeds.ts'

/** Everything that made the numbers: the trace, what was left out of it and why, options, seeds, and how to repeat it. */
export function whatWasRun(comparison: Comparison): string {
  const { trace, options, rows } = comparison
  const all = seeds(comparison)
  const simulated = rows.filter((row) => !row.deterministic || row.seed === all[0]).length
  const fixed = new Set(rows.filter((row) => row.deterministic).map((row) => JSON.stringify([row.admission, row.packing, row.overcommit])))
    .size
  const facts: [string, [string, string][]][] = [
    [
      'Trace',
      [
        ['name', trace.name],
        ['format', trace.format],
        ['window', formatDuration(trace.windowSeconds)],
        ...('machines' in trace.counts
          ? []
          : [['machines', [...new Set(rows.map((row) => formatNumber(row.result.machines)))].join(', ')] as [string, string]]),
        ...Object.entries(trace.counts).map(([name, count]): [string, string] => [name, formatNumber(count)]),
      ],
    ],
    ['Left out, and why', entriesOr(trace.skipped, ['nothing', '0'])],
    [
      'Options',
      Object.entries(options).map(([name, value]): [string, string] => [
        optionName(name),
        value === null ? 'not set' : value === true ? 'yes' : value === false ? 'no' : String(value),
      ]),
    ],
    [
      'Runs',
      [
        ['seeds', all.join(', ')],
        ['simulated', `${formatNumber(simulated)} of ${formatNumber(rows.length)}`],
        ['deterministic policies', `${fixed === 0 ? 'none' : formatNumber(fixed)}`],
        ['tie-break', [...new Set(rows.map((row) => row.tie))].join(', ')],
        ['preemption', [...new Set(rows.map((row) => row.preemption))].join(', ')],
        ['stowage', comparison.stowage],
      ],
    ],
  ]
  const lists = facts.map(
    ([title, pairs]) =>
      `<div><h3>${escapeHtml(title)}</h3><table><tbody>${pairs.map(([name, value]) => `<tr><th scope="row" class="fact-name">${escapeHtml(name)}</th><td class="fact">${escapeHtml(value).replaceAll(',', ',<wbr>')}</td></tr>`).join('')}</tbody></table></div>`,
  )
  const needed =
    comparison.machinesNeeded.length > 0
      ? '<p class="note">Machines needed: the tasks of the busiest moment, packed from scratch into a random order of the machines. The number is one at which they fit and one machine fewer at which they do not; that need not be the only such boundary. A deterministic run is simulated once and stands for every seed.</p>'
      : ''
  return `<section><h2>What was run</h2><div class="facts">${lists.join('')}</div>${needed}<h3 style="margin-top:20px;font-size:15px">Again</h3><pre>${escapeHtml(repeatCommand(comparison))}</pre></section>`
}

const entriesOr = (counts: Readonly<Record<string, number>>, none: [string, string]): [string, string][] => {
  const entries = Object.entries(counts).map(([name, count]): [string, string] => [name, formatNumber(count)])
  return entries.length === 0 ? [none] : entries
}
