import type { TopLevelSpec } from 'vega-lite'
import type { Comparison } from '../../experiments/index.ts'
import { chartTitle } from '../chart-title.ts'
import { formatCount, formatNumber } from '../format-number.ts'
import { type Ranked, ranking } from '../ranking.ts'
import { BEST, OTHERS, THEME, WIDE } from '../theme.ts'

/** How many machines are enough under each combination: every trial, their range and 90th percentile, and the bound nobody can beat. */
export function machinesNeeded(comparison: Comparison, width = WIDE): TopLevelSpec | null {
  const ranked = ranking(comparison).filter((entry) => entry.machinesNeeded !== null)
  if (ranked.length === 0) return null
  const rows = ranked.map(({ label, cellName, machinesNeeded: needed }, i) => ({
    label,
    best: i === 0,
    p90: needed?.p90 ?? null,
    min: needed?.min ?? null,
    max: needed?.max ?? null,
    text: needed?.p90 == null ? `did not fit ${cellName}` : formatNumber(needed.p90),
  }))
  const trials = ranked.flatMap(({ label, machinesNeeded: needed }) =>
    (needed?.trials ?? []).flatMap(({ seed, machines }) => (machines === null ? [] : [{ label, seed, machines }])),
  )
  const bound = Math.max(...ranked.map((entry) => entry.machinesNeeded?.lowerBound ?? 0))
  const domain = xDomain(
    trials.map((trial) => trial.machines),
    bound,
  )
  const boundShown = bound >= domain[0]
  const y = {
    field: 'label',
    type: 'nominal',
    sort: rows.map((row) => row.label),
    title: null,
    axis: { labelLimit: Math.round(width * 0.4), grid: false },
  } as const
  const scale = { domain, zero: false, nice: false }
  const x = (field: string) => ({
    field,
    type: 'quantitative' as const,
    scale,
    title: 'machines',
    axis: { tickCount: Math.max(3, Math.round(width / 110)), format: ',d' },
  })
  const color = { condition: { test: 'datum.best', value: BEST }, value: OTHERS }
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    title: chartTitle(
      finding(ranked),
      reading(Math.max(...ranked.map((entry) => entry.machinesNeeded?.trials.length ?? 0)), bound, boundShown),
      width,
    ),
    width: Math.round(width * (width < 500 ? 0.62 : 0.74)),
    height: { step: 34 },
    layer: [
      {
        data: { values: boundShown ? [{ bound }] : [] },
        mark: { type: 'rule', strokeDash: [4, 4], stroke: 'currentColor', opacity: 0.55 },
        encoding: { x: x('bound') },
      },
      {
        data: { values: rows },
        transform: [{ filter: 'datum.max !== null' }],
        mark: { type: 'rule', strokeWidth: 2, opacity: 0.55 },
        encoding: { y, x: x('min'), x2: { field: 'max' }, color },
      },
      {
        data: { values: trials },
        mark: { type: 'circle', size: 42, opacity: 0.28, color: 'currentColor' },
        encoding: {
          y,
          x: x('machines'),
          tooltip: [{ field: 'label', title: 'policy' }, { field: 'seed' }, { field: 'machines', type: 'quantitative', format: ',d' }],
        },
      },
      {
        data: { values: rows },
        transform: [{ filter: 'datum.p90 !== null' }],
        mark: { type: 'point', shape: 'diamond', filled: true, size: 130, opacity: 1 },
        encoding: {
          y,
          x: x('p90'),
          color,
          tooltip: [
            { field: 'label', title: 'policy' },
            { field: 'p90', title: '90th percentile', type: 'quantitative', format: ',d' },
            { field: 'min', title: 'least', type: 'quantitative', format: ',d' },
            { field: 'max', title: 'most', type: 'quantitative', format: ',d' },
          ],
        },
      },
      {
        data: { values: rows },
        transform: [{ calculate: `datum.max === null ? ${domain[0]} : datum.max`, as: 'at' }],
        mark: { type: 'text', align: 'left', dx: 12, fontWeight: 600 },
        encoding: { y, x: x('at'), text: { field: 'text' } },
      },
    ],
    config: THEME,
  }
}

/** Position, not length, carries the number, so the axis need not begin at zero: it shows the trials, and the bound unless that would squeeze them. */
function xDomain(machines: readonly number[], bound: number): [number, number] {
  const low = Math.min(...machines)
  const high = Math.max(...machines)
  if (machines.length === 0) return [0, Math.max(1, bound)]
  const spread = Math.max(high - low, 1)
  const from = bound > 0 && low - bound <= spread * 1.5 ? Math.min(low, bound) : low
  const margin = Math.max((high - from) * 0.04, 0.5)
  return [Math.max(0, Math.floor(from - margin)), Math.ceil(high + margin)]
}

function reading(trials: number, bound: number, boundShown: boolean): string {
  const marks = `Diamond and number: 90th percentile of ${formatCount(trials, 'trial')}. Dots: each trial. Line: least to most.`
  const floor = boundShown
    ? `Dashed: the same percentile by capacity alone, ${formatNumber(bound)}, to hold against the diamonds`
    : `The same percentile by capacity alone, ${formatNumber(bound)}, lies off the axis to the left`
  return `${marks} ${floor}. The axis does not begin at zero.`
}

function finding(ranked: readonly Ranked[]): string {
  const fitted = ranked.filter((entry) => entry.machinesNeeded?.p90 != null)
  const unfitted = ranked.filter((entry) => entry.machinesNeeded?.p90 == null).map((entry) => entry.label)
  const count = (entry: Ranked | undefined) => formatNumber(entry?.machinesNeeded?.p90 ?? null)
  const [best] = fitted
  const worst = fitted.at(-1)
  const parts = [
    ...(best === undefined
      ? []
      : [`${best.label} needs ${count(best)} machines${worst === best ? '' : `, ${worst?.label} ${count(worst)}`}`]),
    ...(unfitted.length === 0 ? [] : [`${unfitted.join(', ')} did not fit ${ranked[0]?.cellName}`]),
  ]
  return parts.join('; ')
}
