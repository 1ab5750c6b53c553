import type { TopLevelSpec } from 'vega-lite'
import type { Filling } from '../experiments/index.ts'
import { allocation } from './charts/allocation.ts'
import { fragmentation } from './charts/fragmentation.ts'

/** Every chart of a fill, by the name of its file, in the order in which the page shows them. */
export const fillCharts = { allocation, fragmentation } satisfies Record<string, (filling: Filling, width?: number) => TopLevelSpec | null>
