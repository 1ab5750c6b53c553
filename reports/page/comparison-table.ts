import type { Comparison } from '../../experiments/index.ts'
import { escapeHtml } from '../escape-html.ts'
import { commonParts } from '../label.ts'
import { table } from '../table.ts'

/** Every combination, best first, as an HTML table with the meaning of its columns below. */
export function comparisonTable(comparison: Comparison): string {
  const { columns, rows } = table(comparison)
  const head = columns.map((column) => `<th scope="col">${escapeHtml(column.heading)}</th>`).join('')
  const body = rows.map((cells, i) => {
    const [name = '', ...values] = cells
    const described = values.map((value) => `<td${value.startsWith('did not') ? ' class="words"' : ''}>${escapeHtml(value)}</td>`)
    return `<tr${i === 0 && rows.length > 1 ? ' class="best"' : ''}><th scope="row">${escapeHtml(name)}</th>${described.join('')}</tr>`
  })
  const meanings = columns.slice(1).map((column) => `<dt>${escapeHtml(column.heading)}</dt><dd>${escapeHtml(column.meaning)}</dd>`)
  const common = commonParts(comparison.rows)
  return `<section><h2>All combinations</h2>
<div class="scroll comparison" tabindex="0" role="region" aria-label="All combinations, best first"><table><thead><tr>${head}</tr></thead><tbody>${body.join('\n')}</tbody></table></div>
${common.length > 0 ? `<p class="note">The same for all: ${escapeHtml(common.join(', '))}.</p>` : ''}
<details><summary>What the columns mean</summary><dl>${meanings.join('')}</dl></details></section>`
}
