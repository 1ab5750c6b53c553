import type { Stream, Trace } from '../sim/index.ts'
import {
  type CellSize,
  type GenerateOptions,
  generateTrace,
  type ProfileName,
  resizeCell,
  resolveUnscheduled,
  scaleLoad,
  streamProfile,
  type UnscheduledRule,
} from '../workloads/index.ts'

/** How to make the trace of one seed: from one that was read, or a built-in profile generated anew for every seed. */
export interface TraceRecipe {
  readonly from: { readonly trace: Trace } | { readonly profile: ProfileName; readonly options: GenerateOptions }
  readonly unscheduled: UnscheduledRule
  /** Factor on the arrivals. */
  readonly load: number
  /** A random subset of the machines, or clones of all. */
  readonly cell?: CellSize
}

/** The trace that a run of this seed sees. */
export function followRecipe(recipe: TraceRecipe, seed: number): Trace {
  const { from, unscheduled, load, cell } = recipe
  const whole = 'trace' in from ? from.trace : generateTrace(from.profile, { ...from.options, seed })
  const scheduled = resolveUnscheduled(whole, unscheduled, seed)
  const loaded = load === 1 ? scheduled : scaleLoad(scheduled, load, seed)
  return cell === undefined ? loaded : resizeCell(loaded, cell, seed)
}

/** A profile's runs as they are drawn, where nothing has to see them all at once: the same runs as `followRecipe`, in a hundredth of the memory. Null where it has. */
export function streamRecipe({ from, load, cell }: TraceRecipe, seed: number): Stream | null {
  if ('trace' in from || load !== 1 || cell !== undefined) return null
  return streamProfile(from.profile, { ...from.options, seed })
}

/** Whether two seeds may make two different traces. */
export function seedMoves(recipe: TraceRecipe): boolean {
  const { from, unscheduled, load, cell } = recipe
  if (!('trace' in from) || !Number.isInteger(load) || cell !== undefined) return true
  return unscheduled === 'sample' && from.trace.runs.runTime.some(Number.isNaN)
}
