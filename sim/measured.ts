import type { Cell } from './cell.ts'
import type { Placeable } from './placeable.ts'
import type { Workload } from './trace.ts'

/** What a measured run must let be seen. */
export interface Measured {
  readonly trace: Workload
  readonly cell: Cell
  readonly placeable: Placeable
  readonly now: number
  /** Tasks that wait for a machine now. */
  readonly waiting: number
}
