import type { TopLevelSpec } from 'vega-lite'
import type { Comparison } from '../../experiments/index.ts'
import { chartTitle } from '../chart-title.ts'
import { formatShare } from '../format-number.ts'
import { overSeeds } from '../over-seeds.ts'
import { panels } from '../panels.ts'
import { ranking } from '../ranking.ts'
import { resourceName } from '../resource-name.ts'
import { seeds } from '../seeds.ts'
import { PALETTE, THEME, WIDE } from '../theme.ts'
import { usedResources } from '../used-resources.ts'

const KINDS = ['requested', 'stranded'] as const

/** What became of each resource on average: requested by placed tasks, or free but useless because its machine is short of another. */
export function packing(comparison: Comparison, width = WIDE): TopLevelSpec | null {
  const ranked = ranking(comparison)
  const resources = usedResources(comparison)
  const values = resources.flatMap((resource) =>
    ranked.flatMap(({ label, rows }) => {
      const allocated = overSeeds(rows, ({ result }) => result.utilisation[resource]?.allocated)
      const stranded = overSeeds(rows, ({ result }) => result.utilisation[resource]?.stranded)
      if (allocated === null || stranded === null) return []
      const common = { resource: resourceName(resource), policy: label }
      return [
        { ...common, kind: KINDS[0], share: allocated.mean, from: 0, to: allocated.mean, min: allocated.min, max: allocated.max },
        {
          ...common,
          kind: KINDS[1],
          share: stranded.mean,
          from: allocated.mean,
          to: allocated.mean + stranded.mean,
          min: allocated.mean + stranded.min,
          max: allocated.mean + stranded.max,
        },
      ]
    }),
  )
  if (values.length === 0) return null
  const names = ranked.map((entry) => entry.label)
  const layout = panels(resources.length, names, width)
  const y = { field: 'policy', type: 'nominal', sort: names, title: null, axis: { grid: false, labelLimit: layout.labelLimit } } as const
  const scale = { domain: [0, Math.max(1, ...values.map((value) => value.max))], nice: false }
  const axis = { format: '.0%', values: [0, 0.25, 0.5, 0.75, 1], title: 'share of the capacity' }
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    title: chartTitle(finding(values, resources), reading(comparison), width),
    data: { values },
    facet: {
      [layout.direction]: {
        field: 'resource',
        type: 'nominal',
        sort: resources.map(resourceName),
        title: null,
        header: { labelOrient: 'top' },
      },
    },
    spacing: 20,
    spec: {
      width: layout.width,
      height: { step: 24 },
      layer: [
        {
          mark: { type: 'bar', height: 13 },
          encoding: {
            y,
            x: { field: 'from', type: 'quantitative', scale, axis },
            x2: { field: 'to' },
            color: {
              field: 'kind',
              type: 'nominal',
              scale: { domain: [...KINDS], range: [PALETTE[0], PALETTE[4]] },
              legend: { title: null, symbolType: 'square' },
            },
            tooltip: [
              { field: 'policy' },
              { field: 'resource' },
              { field: 'kind' },
              { field: 'share', title: 'mean', type: 'quantitative', format: '.2%' },
            ],
          },
        },
        {
          transform: [{ filter: 'datum.max > datum.min' }],
          mark: { type: 'rule', strokeWidth: 1.5, color: 'currentColor' },
          encoding: { y, x: { field: 'min', type: 'quantitative', scale, axis }, x2: { field: 'max' } },
        },
      ],
    },
    config: THEME,
  }
}

function finding(
  values: readonly { resource: string; policy: string; kind: string; share: number }[],
  resources: readonly string[],
): string {
  const stranded = values.filter((value) => value.kind === 'stranded')
  const most = stranded.reduce((a, b) => (b.share > a.share ? b : a))
  const least = stranded.filter((value) => value.resource === most.resource).reduce((a, b) => (b.share < a.share ? b : a))
  const where = resources.length > 1 ? `${most.resource} is stranded most` : `${most.resource} is stranded`
  return most.policy === least.policy || formatShare(most.share) === formatShare(least.share)
    ? `${where}: ${formatShare(most.share)}`
    : `${where}: ${formatShare(most.share)} under ${most.policy}, ${formatShare(least.share)} under ${least.policy}`
}

const reading = (comparison: Comparison): string =>
  `Time-weighted means${seeds(comparison).length > 1 ? ' over the seeds; thin lines: least to most' : ''}. Stranded: free, but its machine has no room left in another resource.`
