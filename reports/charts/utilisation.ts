import type { TopLevelSpec } from 'vega-lite'
import type { Comparison } from '../../experiments/index.ts'
import { chartTitle } from '../chart-title.ts'
import { formatNumber, formatShare } from '../format-number.ts'
import { lineColours } from '../line-colours.ts'
import { overSeeds } from '../over-seeds.ts'
import { ranking } from '../ranking.ts'
import { resourceName } from '../resource-name.ts'
import { firstSeedNote } from '../seeds.ts'
import { THEME, WIDE } from '../theme.ts'
import { thin } from '../thin.ts'
import { usedResources } from '../used-resources.ts'

const POINTS = 160

/** The share of the cell that placed tasks requested, over time: a panel a resource, a line a combination. */
export function utilisation(comparison: Comparison, width = WIDE): TopLevelSpec | null {
  const ranked = ranking(comparison)
  const resources = usedResources(comparison)
  const colours = lineColours(ranked)
  const values = resources.flatMap((resource) =>
    colours.drawn.flatMap((entry, depth) => {
      const { series } = entry.rows[0].result
      const shares = series.allocated[resource] ?? []
      return thin(shares.length, POINTS).map((i) => ({
        resource: resourceName(resource),
        policy: entry.label,
        name: colours.nameOf(entry),
        depth,
        hours: round((series.time[i] ?? 0) / 3600),
        share: round(shares[i] ?? 0),
      }))
    }),
  )
  if (values.length === 0) return null
  const domain = [0, Math.max(1, ...values.map((value) => value.share))]
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    title: chartTitle(
      finding(comparison, resources),
      `Share of the capacity in the cell that placed tasks requested.${firstSeedNote(comparison)}`,
      width,
    ),
    data: { values },
    facet: { row: { field: 'resource', type: 'nominal', sort: resources.map(resourceName), title: null, header: { labelOrient: 'top' } } },
    spacing: 22,
    spec: {
      width: width - 60,
      height: 130,
      mark: { type: 'line', clip: false, interpolate: 'step-after', strokeJoin: 'round', tooltip: true },
      encoding: {
        x: {
          field: 'hours',
          type: 'quantitative',
          title: 'hours from the opening',
          scale: { nice: false },
          axis: { grid: false, tickCount: Math.round(width / 90), ticks: true, tickColor: 'currentColor', tickOpacity: 0.4 },
        },
        y: { field: 'share', type: 'quantitative', title: null, scale: { domain }, axis: { format: '.0%', tickCount: 4 } },
        detail: { field: 'depth', type: 'ordinal' },
        color: {
          field: 'name',
          type: 'nominal',
          scale: colours.scale,
          legend: { title: null, symbolType: 'stroke', columns: width < 500 ? 1 : 4 },
        },
        strokeWidth: { condition: { test: `datum.name === ${JSON.stringify(colours.scale.domain[0])}`, value: 2.2 }, value: 1.4 },
        tooltip: [
          { field: 'policy' },
          { field: 'hours', type: 'quantitative', format: ',.1f' },
          { field: 'share', type: 'quantitative', format: '.1%' },
        ],
      },
    },
    config: THEME,
  }
}

const round = (value: number): number => Number(value.toPrecision(5))

/** Says how far apart the policies' means lie, since lines that overlap are a finding too. */
function finding(comparison: Comparison, resources: readonly string[]): string {
  const parts = resources.map((resource) => {
    const means = ranking(comparison).flatMap(
      ({ rows }) => overSeeds(rows, ({ result }) => result.utilisation[resource]?.allocated)?.mean ?? [],
    )
    const [low, high] = [formatShare(Math.min(...means)), formatShare(Math.max(...means))]
    return `${resourceName(resource)} ${low === high ? low : `${low.replace(/\u00a0%$/, '')}–${high}`}`
  })
  const means = `Mean share of the cell requested: ${parts.join(', ')}`
  if (ranking(comparison).length < 2) return means
  const widest = Math.max(...resources.map((resource) => widestGap(comparison, resource)))
  return `${means}. At no moment are two policies more than ${formatNumber(widest * 100, 1)} points apart`
}

/** The most that any two combinations differ by at one sample of the series drawn. */
function widestGap(comparison: Comparison, resource: string): number {
  const series = ranking(comparison).map(({ rows }) => rows[0].result.series.allocated[resource] ?? [])
  const gaps = (series[0] ?? []).map((_, i) => {
    const shares = series.flatMap((shares) => shares[i] ?? [])
    return Math.max(...shares) - Math.min(...shares)
  })
  return Math.max(0, ...gaps)
}
