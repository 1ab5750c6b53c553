import type { Spec } from 'vega'
import type { TopLevelSpec } from 'vega-lite'
import { escapeHtml } from '../escape-html.ts'
import { compileChart, renderSvg } from '../render-svg.ts'
import { NARROW, WIDE } from '../theme.ts'

/** A chart on the page: still pictures for wide and narrow screens, and the Vega that makes them live. */
export interface Figure {
  readonly html: string
  readonly live: Readonly<Record<string, Spec>>
}

/** Null where the chart has nothing to show. Its title becomes text of the page, which wraps and can be read aloud. */
export async function figure<Results>(
  results: Results,
  name: string,
  chart: (results: Results, width?: number) => TopLevelSpec | null,
  isLive: boolean,
): Promise<Figure | null> {
  const specs = [
    ['wide', chart(results, WIDE)],
    ['narrow', chart(results, NARROW)],
  ] as const
  const [[, wide]] = specs
  if (wide === null) return null
  const { text, subtitle } = titleOf(wide)
  const live: Record<string, Spec> = {}
  const stills: string[] = []
  for (const [size, spec] of specs) {
    if (spec === null) continue
    const id = `${name}-${size}`
    const { title: _, ...untitled } = spec
    stills.push(
      `<div class="${size}" role="img" aria-label="${escapeHtml(`${text}. ${subtitle}`)}"${isLive ? ` data-chart="${id}"` : ''}>${await renderSvg(untitled as TopLevelSpec, id)}</div>`,
    )
    if (isLive) live[id] = await compileChart(untitled as TopLevelSpec)
  }
  return {
    html: `<figure class="has-narrow"><figcaption><h3>${escapeHtml(text)}</h3><p>${escapeHtml(subtitle)}</p></figcaption>${stills.join('')}</figure>`,
    live,
  }
}

function titleOf({ title }: TopLevelSpec): { text: string; subtitle: string } {
  const words = (value: unknown) => (Array.isArray(value) ? value.join(' ') : typeof value === 'string' ? value : '')
  return typeof title === 'object' && title !== null && 'text' in title
    ? { text: words(title.text), subtitle: words(title.subtitle) }
    : { text: words(title), subtitle: '' }
}
