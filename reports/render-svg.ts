import type { Spec } from 'vega'
import type { TopLevelSpec } from 'vega-lite'
import { textWidth } from './text-width.ts'

interface TextItem {
  readonly fontSize?: number
  readonly fontWeight?: string | number
  readonly limit?: number
}

// vega's own types leave out what it exports for exactly this purpose.
declare module 'vega' {
  export const textMetrics: { width(item: TextItem, text: unknown): number }
  export function resetSVGDefIds(): void
}

/** A Vega-Lite chart as Vega, which the page's runtime draws. */
export async function compileChart(spec: TopLevelSpec): Promise<Spec> {
  // Loaded when something is drawn, because most commands draw nothing and Vega takes half a second.
  const { compile } = await import('vega-lite')
  return compile(spec).spec
}

/** A chart as SVG text: the same bytes for the same spec. `name` keeps its ids apart from those of other charts on one page. */
export async function renderSvg(spec: TopLevelSpec, name: string): Promise<string> {
  const { parse, resetSVGDefIds, textMetrics, View } = await import('vega')
  const { expressionInterpreter } = await import('vega-interpreter')
  const compiled = await compileChart(spec)
  textMetrics.width = ({ fontSize = 11, fontWeight, limit }, text) => {
    const width = textWidth(String(text ?? ''), fontSize, fontWeight === 'bold' || Number(fontWeight) >= 600)
    return limit !== undefined && limit > 0 ? Math.min(limit, width) : width
  }
  // Vega numbers its gradients and clip paths per process; counting from zero makes the bytes repeatable.
  resetSVGDefIds()
  const view = new View(parse(compiled, undefined, { ast: true }), { renderer: 'none', expr: expressionInterpreter })
  const svg = await view.toSVG()
  view.finalize()
  return svg.replace(/ id="([^"]+)"/g, ` id="${name}-$1"`).replace(/url\(#([^)]+)\)/g, `url(#${name}-$1)`)
}
