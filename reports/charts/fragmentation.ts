import type { TopLevelSpec } from 'vega-lite'
import type { Filling } from '../../experiments/index.ts'
import { chartTitle } from '../chart-title.ts'
import { fillRanking, meanAt } from '../fill-ranking.ts'
import { formatNumber } from '../format-number.ts'
import { PALETTE, THEME, WIDE } from '../theme.ts'

/** Free GPU of no use to typical tasks, by cause, against what was asked for so far: a panel a policy of the first list and tie-break. */
export function fragmentation(filling: Filling, width = WIDE): TopLevelSpec | null {
  const all = fillRanking(filling)
  const ranked = all.filter(({ list, tie }) => list === all[0].list && tie === all[0].tie)
  if (filling.trace.resource !== 'gpu' || ranked.length === 0) return null
  const { causes } = filling
  const values = ranked.flatMap(({ packing, runs }) =>
    causes.flatMap((cause, c) =>
      (runs[0].curve.byCause[c] ?? []).flatMap((_, percent) =>
        percent % 2 > 0
          ? []
          : [
              {
                policy: packing,
                cause,
                order: c,
                arrived: percent,
                unusable: Number((runs.reduce((sum, { curve }) => sum + curve.byCause[c][percent], 0) / runs.length).toPrecision(4)),
              },
            ],
      ),
    ),
  )
  const columns = width < 500 ? 1 : 2
  const [best, worst] = [ranked[0], ranked[ranked.length - 1]]
  const at = (entry: typeof best) => `${formatNumber(meanAt(entry.runs, 'fragmentation', filling.percents[0]), 1)}\u00a0%`
  const others = ranked.length > 1 ? `, under ${worst.packing} ${at(worst)}` : ''
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    title: chartTitle(
      `When ${filling.percents[0]}\u00a0% is asked for, typical tasks cannot use ${at(best)} of the cell’s GPU under ${best.packing}${others}`,
      `Free GPU that typical tasks cannot use, in percent of the cell, by cause (${ranked[0].list}, ${ranked[0].tie}). Mean over seeds.`,
      width,
    ),
    data: { values },
    facet: { field: 'policy', type: 'nominal', sort: ranked.map(({ packing }) => packing), title: null, header: { labelOrient: 'top' } },
    columns,
    spacing: 22,
    spec: {
      width: Math.floor(width / columns) - 60,
      height: 150,
      mark: { type: 'area', tooltip: true },
      encoding: {
        x: {
          field: 'arrived',
          type: 'quantitative',
          title: 'asked for so far, percent of the cell',
          scale: { nice: false },
          axis: { grid: false, tickCount: 5 },
        },
        y: { field: 'unusable', type: 'quantitative', title: null, stack: 'zero', axis: { tickCount: 4 } },
        order: { field: 'order', type: 'quantitative' },
        color: {
          field: 'cause',
          type: 'nominal',
          scale: { domain: [...causes], range: causes.map((_, i) => PALETTE[i % PALETTE.length]) },
          legend: { title: null, columns: width < 500 ? 1 : 5 },
        },
        tooltip: [
          { field: 'policy' },
          { field: 'cause' },
          { field: 'arrived', type: 'quantitative', title: 'asked for, %' },
          { field: 'unusable', type: 'quantitative', format: '.2f', title: 'of the cell, %' },
        ],
      },
    },
    config: THEME,
  }
}
