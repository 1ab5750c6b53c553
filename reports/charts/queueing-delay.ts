import type { TopLevelSpec } from 'vega-lite'
import type { Comparison } from '../../experiments/index.ts'
import { chartTitle } from '../chart-title.ts'
import { formatDuration } from '../format-duration.ts'
import { formatCount } from '../format-number.ts'
import { lineColours } from '../line-colours.ts'
import { meanOver } from '../over-seeds.ts'
import { ranking } from '../ranking.ts'
import { firstSeedNote } from '../seeds.ts'
import { THEME, WIDE } from '../theme.ts'
import { thin } from '../thin.ts'

const TICKS = [0, 1, 10, 60, 600, 3_600, 21_600, 86_400, 604_800, 2_592_000]
const TICK_LABELS = `{'0': '0', '1': '1 s', '10': '10 s', '60': '1 min', '600': '10 min', '3600': '1 h', '21600': '6 h', '86400': '1 d', '604800': '7 d', '2592000': '30 d'}[datum.value]`

/** What share of the tasks of each tier waited longer than so long, for the first machine. Tiers in which nobody waited are named, not drawn. */
export function queueingDelay(comparison: Comparison, width = WIDE): TopLevelSpec | null {
  const ranked = ranking(comparison)
  const colours = lineColours(ranked)
  const waits = (tier: string) => ranked.map(({ rows }) => rows[0].result.wait[tier]).filter((wait) => wait !== undefined && wait.count > 0)
  const present = [...comparison.trace.tiers].reverse().filter((tier) => waits(tier).length > 0)
  const tiers = present.filter((tier) => waits(tier).some((wait) => (wait?.max ?? 0) > 0))
  const idle = present.filter((tier) => !tiers.includes(tier))
  if (tiers.length === 0) return null
  const values = tiers.flatMap((tier) =>
    colours.drawn.flatMap((entry, depth) => {
      const curve = entry.rows[0].result.wait[tier]?.curve ?? { value: [], share: [] }
      return thin(curve.value.length, 100).map((i) => ({
        tier,
        policy: entry.label,
        name: colours.nameOf(entry),
        depth,
        seconds: Number((curve.value[i] ?? 0).toPrecision(5)),
        longer: Number((1 - (curve.share[i] ?? 1)).toFixed(5)),
      }))
    }),
  )
  const most = Math.max(...values.map((value) => value.seconds))
  const ticks = TICKS.filter((tick) => tick <= most)
  const columns = width < 500 ? 1 : Math.min(tiers.length, 3)
  const panel = Math.floor(width / columns) - (columns === 1 ? 60 : 56)
  const shown = width < 500 || columns > 1 ? ticks.filter((_, i) => i % 2 === 0 || ticks.length < 5) : ticks
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    title: chartTitle(finding(comparison), reading(comparison, idle), width),
    data: { values },
    facet: { field: 'tier', type: 'nominal', sort: tiers, title: null },
    columns,
    spacing: 24,
    resolve: { scale: { y: 'independent' }, axis: { x: 'independent' } },
    spec: {
      width: panel,
      height: 170,
      mark: { type: 'line', interpolate: 'step-after', tooltip: true },
      encoding: {
        x: {
          field: 'seconds',
          type: 'quantitative',
          title: 'wait',
          scale: { type: 'symlog', constant: 1, domain: [0, Math.max(most, 1)], nice: false },
          axis: { values: shown, labelExpr: TICK_LABELS, grid: true, labelOverlap: 'greedy' },
        },
        y: { field: 'longer', type: 'quantitative', title: null, scale: { zero: true }, axis: { format: '~%', tickCount: 4 } },
        detail: { field: 'depth', type: 'ordinal' },
        order: { field: 'seconds', type: 'quantitative' },
        color: {
          field: 'name',
          type: 'nominal',
          scale: colours.scale,
          legend: { title: null, symbolType: 'stroke', columns: width < 500 ? 1 : 4 },
        },
        strokeWidth: { condition: { test: `datum.name === ${JSON.stringify(colours.scale.domain[0])}`, value: 2.2 }, value: 1.4 },
        tooltip: [
          { field: 'policy' },
          { field: 'tier' },
          { field: 'seconds', title: 'wait, seconds', type: 'quantitative', format: ',.1f' },
          { field: 'longer', title: 'waited longer', type: 'quantitative', format: '.2%' },
        ],
      },
    },
    config: THEME,
  }
}

function finding(comparison: Comparison): string {
  const slowest = ranking(comparison)
    .map(({ label, rows }) => ({ label, p99: meanOver(rows, ({ result }) => result.wait.all?.p99) ?? 0 }))
    .sort((a, b) => a.p99 - b.p99)
  const [first] = slowest
  const last = slowest.at(-1)
  if (first === undefined || last === undefined) return 'Waits for the first machine'
  const [low, high] = [formatDuration(first.p99), formatDuration(last.p99)]
  if (slowest.length === 1) return `99 of 100 tasks waited ${high} or less`
  if (low === high)
    return last.p99 === 0
      ? '99 of 100 tasks did not wait, whatever the policy'
      : `99 of 100 tasks waited ${high} or less under every policy`
  return first.p99 === 0
    ? `99 of 100 tasks did not wait under ${first.label}, and waited ${high} or less under ${last.label}`
    : `99 of 100 tasks waited ${low} or less under ${first.label}, ${high} under ${last.label}`
}

function reading(comparison: Comparison, idle: readonly string[]): string {
  const censored = Math.max(0, ...comparison.rows.map(({ result }) => result.wait.all?.censored ?? 0))
  return [
    'Share of the tasks that waited longer than so long for their first machine: lower is better. The time axis is logarithmic above 1 s.',
    ...(idle.length > 0 ? [`Nobody waited in ${idle.join(' and ')}.`] : []),
    ...(censored > 0
      ? [`Up to ${formatCount(censored, 'task')} still waited at the end and ${censored === 1 ? 'is' : 'are'} not in the curves.`]
      : []),
    firstSeedNote(comparison).trim(),
  ]
    .filter((part) => part !== '')
    .join(' ')
}
