import type { TopLevelSpec } from 'vega-lite'
import type { Comparison } from '../../experiments/index.ts'
import { chartTitle } from '../chart-title.ts'
import { formatNumber } from '../format-number.ts'
import { overSeeds } from '../over-seeds.ts'
import { panels } from '../panels.ts'
import { ranking } from '../ranking.ts'
import { seeds } from '../seeds.ts'
import { PALETTE, THEME, WIDE } from '../theme.ts'

/** How many runs were evicted, by tier and cause. Null where nobody was. */
export function evictions(comparison: Comparison, width = WIDE): TopLevelSpec | null {
  const ranked = ranking(comparison)
  const tiers = [...comparison.trace.tiers]
    .reverse()
    .filter((tier) => comparison.rows.some(({ result }) => total(result.evictions[tier]) > 0))
  if (tiers.length === 0) return null
  const causes = [...new Set(comparison.rows.flatMap(({ result }) => tiers.flatMap((tier) => Object.keys(result.evictions[tier] ?? {}))))]
  const values = tiers.flatMap((tier) =>
    ranked.flatMap(({ label, rows }) => {
      const all = overSeeds(rows, ({ result }) => total(result.evictions[tier]))
      return causes.map((cause, order) => ({
        tier,
        policy: label,
        cause,
        order,
        evictions: overSeeds(rows, ({ result }) => result.evictions[tier]?.[cause] ?? 0)?.mean ?? 0,
        min: all?.min ?? 0,
        max: all?.max ?? 0,
      }))
    }),
  )
  const names = ranked.map((entry) => entry.label)
  const layout = panels(tiers.length, names, width)
  const y = { field: 'policy', type: 'nominal', sort: names, title: null, axis: { grid: false, labelLimit: layout.labelLimit } } as const
  const axis = { tickCount: 3, format: ',d', title: 'evictions' }
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    title: chartTitle(
      finding(comparison),
      `Evicted runs by tier${seeds(comparison).length > 1 ? ', mean over the seeds; thin lines: least to most' : ''}. Each tier has its own scale.`,
      width,
    ),
    data: { values },
    facet: { [layout.direction]: { field: 'tier', type: 'nominal', sort: tiers, title: null, header: { labelOrient: 'top' } } },
    spacing: 24,
    resolve: { scale: { x: 'independent' } },
    spec: {
      width: layout.width,
      height: { step: 24 },
      layer: [
        {
          mark: { type: 'bar', height: 13 },
          encoding: {
            y,
            x: { field: 'evictions', type: 'quantitative', stack: 'zero', axis },
            color: {
              field: 'cause',
              type: 'nominal',
              scale: { domain: causes, range: [PALETTE[1], PALETTE[3], PALETTE[4], PALETTE[5]] },
              legend: { title: null, symbolType: 'square', columns: width < 500 ? 1 : 4 },
            },
            order: { field: 'order', type: 'quantitative' },
            tooltip: [
              { field: 'policy' },
              { field: 'tier' },
              { field: 'cause' },
              { field: 'evictions', title: 'mean', type: 'quantitative', format: ',.1f' },
            ],
          },
        },
        {
          transform: [{ filter: 'datum.order === 0 && datum.max > datum.min' }],
          mark: { type: 'rule', strokeWidth: 1.5, color: 'currentColor' },
          encoding: { y, x: { field: 'min', type: 'quantitative', axis }, x2: { field: 'max' } },
        },
      ],
    },
    config: THEME,
  }
}

const total = (byCause: Readonly<Record<string, number>> | undefined): number =>
  Object.values(byCause ?? {}).reduce((sum, count) => sum + count, 0)

function finding(comparison: Comparison): string {
  const counts = ranking(comparison)
    .map(({ label, rows }) => ({
      label,
      mean: overSeeds(rows, ({ result }) => Object.values(result.evictions).reduce((sum, tier) => sum + total(tier), 0))?.mean ?? 0,
    }))
    .sort((a, b) => a.mean - b.mean)
  const [least] = counts
  const most = counts.at(-1)
  if (least === undefined || most === undefined) return 'Evictions'
  if (formatNumber(least.mean) === formatNumber(most.mean))
    return `${formatNumber(most.mean)} evictions${counts.length > 1 ? ' under every policy' : ''}`
  return `From ${formatNumber(least.mean)} evictions under ${least.label} to ${formatNumber(most.mean)} under ${most.label}`
}
