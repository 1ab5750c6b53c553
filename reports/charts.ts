import type { TopLevelSpec } from 'vega-lite'
import type { Comparison } from '../experiments/index.ts'
import { cell } from './charts/cell.ts'
import { evictions } from './charts/evictions.ts'
import { machinesNeeded } from './charts/machines-needed.ts'
import { packing } from './charts/packing.ts'
import { pending } from './charts/pending.ts'
import { queueingDelay } from './charts/queueing-delay.ts'
import { utilisation } from './charts/utilisation.ts'

/** Draws a comparison at a width in CSS pixels; null where it holds nothing for this chart. */
export type Chart = (comparison: Comparison, width?: number) => TopLevelSpec | null

/** Every chart, by the name of its file, in the order in which the page shows them. */
export const charts = {
  'machines-needed': machinesNeeded,
  utilisation,
  pending,
  'queueing-delay': queueingDelay,
  packing,
  evictions,
  cell,
} satisfies Record<string, Chart>

export type ChartName = keyof typeof charts
