import type { Spec } from 'vega'
import { escapeHtml, scriptJson, scriptText } from '../escape-html.ts'
import { pageFile, runtime } from './runtime.ts'

export interface Page {
  readonly title: string
  /** Short facts above the headline. */
  readonly kicker: readonly string[]
  readonly headline: string
  readonly details: readonly string[]
  /** HTML. */
  readonly sections: readonly string[]
  /** Charts that the page's own script makes live, by the name that their still pictures have. */
  readonly live: Readonly<Record<string, Spec>>
  /** What the slider of a cell's picture moves through. */
  readonly pictures: unknown
  readonly stowage: string
}

const POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data: blob:"

/** A page that opens without a network, and without JavaScript but for what moves. */
export const page = ({ title, kicker, headline, details, sections, live, pictures, stowage }: Page): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
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
${sections.join('\n')}
</main>
<footer>Made by stowage ${escapeHtml(stowage)}. Every number here is in results.json and the CSV file beside this page. Charts by Vega.</footer>
<script type="application/json" id="stowage-data">${scriptJson({ ...shareTables(live), pictures })}</script>
<script>${scriptText(runtime())}</script>
<script>${scriptText(pageFile('client.js'))}</script>
</body>
</html>
`

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
