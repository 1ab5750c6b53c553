import type { MachineEvent } from './trace.ts'

export const EVICTION_CAUSES = ['preempted', 'machine removed', 'machine shrunk'] as const
export type EvictionCause = (typeof EVICTION_CAUSES)[number]

/**
 * Watches a simulation. Called after the change, with the task's row still filled in; `evicted` and `ended` come just before the
 * task leaves its machine. All methods are optional.
 */
export interface Observer {
  /** Nothing changes from `from` until `to`. */
  advanced?(from: number, to: number): void
  arrived?(task: number): void
  /** Fits no machine of the cell, even an empty one; it will not be tried. */
  neverPlaceable?(task: number): void
  held?(job: number): void
  admitted?(job: number): void
  /** A job that admission turned away. */
  rejected?(job: number, reason: string): void
  /** One run of a job that admission turned away. */
  turnedAway?(task: number): void
  /** A machine is about to be looked for. */
  deciding?(task: number): void
  /** Tried, and no machine had room. */
  waits?(task: number): void
  placed?(task: number, machine: number): void
  evicted?(task: number, cause: EvictionCause): void
  ended?(task: number): void
  machineChanged?(machine: number, kind: MachineEvent): void
  /** An event, or a decision of a pass over the queue, is complete. */
  settled?(what: string, row: number): void
  closed?(): void
}
