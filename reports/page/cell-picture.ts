import type { Spec } from 'vega'
import { compileChart } from '../render-svg.ts'
import { THEME } from '../theme.ts'

/** The picture that the page's slider moves: its script puts the machines into the data set `machines`, laid out in pixels and coloured. */
export async function cellPicture(): Promise<Spec> {
  const spec = await compileChart({
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    width: 320,
    height: 200,
    data: { name: 'machines', values: [] },
    mark: { type: 'rect', aria: false },
    encoding: {
      x: { field: 'x', type: 'quantitative', scale: null, axis: null },
      x2: { field: 'x2' },
      y: { field: 'y', type: 'quantitative', scale: null, axis: null },
      y2: { field: 'y2' },
      color: { field: 'colour', type: 'nominal', scale: null, legend: null },
    },
    config: { ...THEME, padding: 0 },
  })
  return { ...spec, marks: (spec.marks ?? []).map(placedOnce) }
}

/** Only the colour is worked out at each step of the slider, the rest when a square appears: a third of the time for a cell of thousands. */
function placedOnce(mark: NonNullable<Spec['marks']>[number]): NonNullable<Spec['marks']>[number] {
  const { x, x2, y, y2, fill } = mark.encode?.update ?? {}
  return { ...mark, encode: { ...mark.encode, enter: { x, x2, y, y2, tooltip: { value: 'machine' } }, update: { fill } } } as typeof mark
}
