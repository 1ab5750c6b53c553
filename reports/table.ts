import type { Comparison, Contrast } from '../experiments/index.ts'
import { formatDuration } from './format-duration.ts'
import { formatNumber, formatShare } from './format-number.ts'
import { meanOver } from './over-seeds.ts'
import { type Ranked, ranking } from './ranking.ts'
import { resourceName } from './resource-name.ts'
import { usedResources } from './used-resources.ts'

/** The one table of a comparison as words, for the terminal and the page alike. */
export interface Table {
  readonly columns: readonly Column[]
  /** A row a combination, best first; a cell a column. */
  readonly rows: readonly (readonly string[])[]
}

export interface Column {
  readonly heading: string
  readonly kind: 'text' | 'number'
  /** A sentence for those who ask what the column means. */
  readonly meaning: string
}

/** Every combination with the measures that decide between them; columns that say nothing for any of them are left out. */
export function table(comparison: Comparison): Table {
  const ranked = ranking(comparison)
  const mean = (measure: Parameters<typeof meanOver>[1]) => (entry: Ranked) => meanOver(entry.rows, measure)
  const never = mean(({ result }) => result.neverPlaceable)
  const pending = mean(({ result }) => result.pending)
  const columns: readonly (Column & { readonly show?: boolean; readonly cell: (entry: Ranked, i: number) => string })[] = [
    { heading: 'policy', kind: 'text', meaning: 'Only the parts that differ between the combinations.', cell: (entry) => entry.label },
    {
      heading: 'machines needed',
      kind: 'number',
      meaning: '90th percentile over the trials (least–most).',
      show: comparison.machinesNeeded.length > 0,
      cell: needed,
    },
    {
      heading: 'against the best',
      kind: 'number',
      meaning: 'Mean difference paired by seed, ± half its 95 % interval, and whether it is more than noise after Holm’s correction.',
      show: comparison.contrasts.length > 0,
      cell: (entry, i) => (i === 0 ? 'best' : againstBest(entry.contrast)),
    },
    ...usedResources(comparison).map((resource) => {
      const share = mean(({ result }) => result.utilisation[resource]?.allocated)
      return {
        heading: resourceName(resource),
        kind: 'number' as const,
        meaning: `Mean share of the cell's ${resourceName(resource)} that placed tasks requested.`,
        cell: (entry: Ranked) => formatShare(share(entry)),
      }
    }),
    {
      heading: 'jobs rejected',
      kind: 'number',
      meaning: 'Jobs that admission turned away, mean over the seeds; their tasks are in no wait.',
      show: comparison.rows.some(({ result }) => result.admission.rejected > 0),
      cell: (entry) => formatNumber(mean(({ result }) => result.admission.rejected)(entry)),
    },
    {
      heading: 'wait mean',
      kind: 'number',
      meaning: 'Mean wait for the first machine; those that still wait are counted with what they have waited.',
      cell: (entry) => formatDuration(mean(({ result }) => result.wait.all?.meanAtLeast)(entry)),
    },
    {
      heading: 'wait p99',
      kind: 'number',
      meaning: '99 of 100 tasks waited at most this long.',
      cell: (entry) => formatDuration(mean(({ result }) => result.wait.all?.p99)(entry)),
    },
    {
      heading: 'evicted',
      kind: 'number',
      meaning: 'Runs evicted, mean over the seeds.',
      cell: (entry) => formatNumber(mean(({ result }) => evictions(result.evictions))(entry), 0),
    },
    {
      heading: 'never fit',
      kind: 'number',
      meaning: 'Runs that fit no machine of this cell even when it is empty.',
      cell: (entry) => formatNumber(never(entry), 0),
    },
    { heading: 'pending', kind: 'number', meaning: 'Runs still waiting at the end.', cell: (entry) => formatNumber(pending(entry), 0) },
  ]
  const shown = columns.filter((column) => column.show !== false)
  return {
    columns: shown.map(({ heading, kind, meaning }) => ({ heading, kind, meaning })),
    rows: ranked.map((entry, i) => shown.map((column) => column.cell(entry, i))),
  }
}

function needed({ machinesNeeded: trials, cellName }: Ranked): string {
  if (trials === null) return '–'
  if (trials.p90 === null) return `did not fit ${cellName}`
  return trials.min === trials.max
    ? formatNumber(trials.p90)
    : `${formatNumber(trials.p90)} (${formatNumber(trials.min)}–${formatNumber(trials.max)})`
}

function againstBest(contrast: Contrast | null): string {
  if (contrast === null) return '–'
  if (contrast.verdict === 'equal') return 'equal'
  const format = (value: number) =>
    contrast.measure === 'wait_mean_at_least_s' ? formatDuration(value) : formatNumber(value, Math.abs(value) < 100 ? 1 : 0)
  const amount = contrast.difference < 0 ? format(contrast.difference) : `+${format(contrast.difference)}`
  // A t interval lies evenly about its mean, so its half width says it all.
  const interval = contrast.interval === null ? '' : ` ± ${format((contrast.interval[1] - contrast.interval[0]) / 2)}`
  return `${amount}${interval}${contrast.verdict === 'better' ? '' : `, ${contrast.verdict}`}`
}

/** Evictions of every tier and cause. */
export const evictions = (byTier: Readonly<Record<string, Readonly<Record<string, number>>>>): number =>
  Object.values(byTier)
    .flatMap((byCause) => Object.values(byCause))
    .reduce((sum, count) => sum + count, 0)
