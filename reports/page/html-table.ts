import { escapeHtml } from '../escape-html.ts'
import type { Table } from '../table.ts'

/** A table, best first, with the meaning of its columns below; `note` says what is the same for all. */
export function htmlTable({ columns, rows }: Table, heading: string, note: string): string {
  const head = columns.map((column) => `<th scope="col">${escapeHtml(column.heading)}</th>`).join('')
  const body = rows.map((cells, i) => {
    const [name = '', ...values] = cells
    const described = values.map((value) => `<td${value.startsWith('did not') ? ' class="words"' : ''}>${escapeHtml(value)}</td>`)
    return `<tr${i === 0 && rows.length > 1 ? ' class="best"' : ''}><th scope="row">${escapeHtml(name)}</th>${described.join('')}</tr>`
  })
  const meanings = columns.slice(1).map((column) => `<dt>${escapeHtml(column.heading)}</dt><dd>${escapeHtml(column.meaning)}</dd>`)
  return `<section><h2>${escapeHtml(heading)}</h2>
<div class="scroll comparison" tabindex="0" role="region" aria-label="${escapeHtml(heading)}, best first"><table><thead><tr>${head}</tr></thead><tbody>${body.join('\n')}</tbody></table></div>
${note === '' ? '' : `<p class="note">${escapeHtml(note)}</p>`}
<details><summary>What the columns mean</summary><dl>${meanings.join('')}</dl></details></section>`
}
