import type { TopLevelSpec } from 'vega-lite'
import type { Filling } from '../../experiments/index.ts'
import { chartTitle } from '../chart-title.ts'
import { fillAnswer } from '../fill-answer.ts'
import { fillRanking, meanAt } from '../fill-ranking.ts'
import { resourceName } from '../resource-name.ts'
import { OTHERS, PALETTE, THEME, WIDE } from '../theme.ts'

/** What is allocated against what was asked for so far: a line a policy, a panel a list and tie-break. */
export function allocation(filling: Filling, width = WIDE): TopLevelSpec | null {
  const ranked = fillRanking(filling)
  if (ranked.length === 0) return null
  const policies = [...new Set(ranked.map(({ packing }) => packing))]
  const values = ranked.flatMap(({ list, tie, packing, runs }) =>
    runs[0].curve.allocated.map((_, percent) => ({
      panel: `${list}, ${tie}`,
      policy: packing,
      arrived: percent,
      allocated: Number(meanAt(runs, 'allocated', percent).toPrecision(5)),
    })),
  )
  // Below this all lines lie on the diagonal.
  const from = Math.max(
    0,
    Math.floor(Math.min(...values.filter(({ arrived, allocated }) => arrived - allocated > 0.5).map(({ arrived }) => arrived)) / 10) * 10,
  )
  const shown = values.filter(({ arrived }) => arrived >= from)
  const resource = resourceName(filling.trace.resource)
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    title: chartTitle(
      fillAnswer(filling).headline,
      `${resource} allocated, in percent of the cell, as tasks are submitted one by one. Mean over seeds; all lines are alike below ${from} %.`,
      width,
    ),
    data: { values: shown },
    facet: { row: { field: 'panel', type: 'nominal', sort: null, title: null, header: { labelOrient: 'top' } } },
    spacing: 22,
    spec: {
      width: width - 60,
      height: 260,
      mark: { type: 'line', strokeJoin: 'round', tooltip: true },
      encoding: {
        x: {
          field: 'arrived',
          type: 'quantitative',
          title: 'asked for so far, percent of the cell',
          scale: { nice: false, zero: false },
          axis: { grid: false, tickCount: Math.round(width / 90), ticks: true, tickColor: 'currentColor', tickOpacity: 0.4 },
        },
        y: { field: 'allocated', type: 'quantitative', title: null, scale: { zero: false }, axis: { tickCount: 6 } },
        color: {
          field: 'policy',
          type: 'nominal',
          scale: { domain: policies, range: policies.map((_, i) => PALETTE[i] ?? OTHERS) },
          legend: { title: null, symbolType: 'stroke', columns: width < 500 ? 1 : 4 },
        },
        strokeWidth: { condition: { test: `datum.policy === ${JSON.stringify(policies[0])}`, value: 2.4 }, value: 1.5 },
        tooltip: [
          { field: 'policy' },
          { field: 'arrived', type: 'quantitative', title: 'asked for, %' },
          { field: 'allocated', type: 'quantitative', format: '.2f', title: 'allocated, %' },
        ],
      },
    },
    config: THEME,
  }
}
