import { parsePacking } from '../policies/index.ts'
import type { Tie, Trace } from '../sim/index.ts'
import type { FillCurve } from './fill-cell.ts'
import { type RunHooks, runAll } from './run-all.ts'
import { shareTrace } from './share-trace.ts'

/** Everything that decides what a set of fills computes. */
export interface FillPlan {
  /** The lists of tasks by the names that the table calls them. */
  readonly lists: readonly { readonly name: string; readonly trace: Trace }[]
  readonly packing: readonly string[]
  readonly ties: readonly Tie[]
  readonly seeds: readonly number[]
  readonly scoreStep: number
  readonly resource: string
  /** Share of the cell's capacity that is asked for in the end. */
  readonly to: number
}

/** What one worker is asked. */
export interface FillOrder {
  /** Row in the plan's lists. */
  readonly list: number
  readonly packing: string
  readonly tie: Tie
  readonly seed: number
}

export interface FillRun {
  readonly list: string
  readonly packing: string
  readonly tie: Tie
  readonly seed: number
  readonly curve: FillCurve
}

/** Every list under every policy and tie-break at every seed, on all cores; in that order. */
export async function fill(plan: FillPlan, hooks: RunHooks<FillCurve> = {}): Promise<readonly FillRun[]> {
  // Names are checked here, before any worker starts.
  for (const packing of plan.packing) parsePacking(packing)
  const orders = plan.lists.flatMap((_, list) =>
    plan.packing.flatMap((packing) => plan.ties.flatMap((tie) => plan.seeds.map((seed): FillOrder => ({ list, packing, tie, seed })))),
  )
  const curves = await runAll<FillOrder, FillCurve>('fill-worker', shareTrace(plan), orders, hooks)
  return orders.map((order, i): FillRun => ({ ...order, list: plan.lists[order.list].name, curve: curves[i] }))
}
