import {
  admissionPolicies,
  defaultProfile,
  ignoreResources,
  type KubeProfile,
  kubeConstraint,
  kubePacking,
  overcommitPolicies,
  parsePacking,
  parsePolicy,
} from '../policies/index.ts'
import type { PreemptionRule, SimulationOptions, Tie, Trace } from '../sim/index.ts'
import type { Combination } from './comparison.ts'
import type { Allowances } from './machines-needed.ts'
import type { TraceRecipe } from './trace-recipe.ts'

/** The packing column's word for the trace's own placements. */
export const AS_RECORDED = 'as-recorded'

/** Everything that decides what a set of runs computes. Plain data, so that it can go to a worker. */
export interface RunPlan {
  readonly recipe: TraceRecipe
  readonly combinations: readonly Combination[]
  /** Configurations of kube-scheduler by the word that stands in the packing column. */
  readonly schedulers: Readonly<Record<string, KubeProfile>>
  readonly seeds: readonly number[]
  readonly tie: Tie
  readonly preemption: PreemptionRule
  readonly scoreStep: number
  /** Machines with room that are scored, 0 for all, and whether they are drawn by chance. */
  readonly enough: number
  readonly relaxed: boolean
  /** Microseconds. */
  readonly warmUp: number
  readonly check: boolean
  readonly machinesNeeded: boolean
  readonly allowances: Allowances
}

/** The policies of a combination by their names; throws InputError for one that does not exist. */
export function simulationOptions(plan: RunPlan, combination: Combination, seed: number): SimulationOptions {
  const packing = combination.packing === AS_RECORDED ? 'first-fit' : combination.packing
  const scheduler = schedulerOf(plan, combination)
  return {
    admission: parsePolicy('admission', admissionPolicies, combination.admission),
    packing: scheduler ? { policy: kubePacking(scheduler), parameters: {} } : parsePacking(packing),
    overcommit: parsePolicy('overcommit', overcommitPolicies, combination.overcommit),
    constraint: kubeConstraint(scheduler ?? defaultProfile),
    tie: plan.tie,
    preemption: scheduler ? (scheduler.preempts ? 'kube' : 'none') : plan.preemption,
    scoreStep: plan.scoreStep,
    enough: plan.enough,
    relaxed: plan.relaxed,
    seed,
  }
}

/** The trace as the combination's scheduler sees it. */
export function seenTrace(plan: RunPlan, combination: Combination, trace: Trace): Trace {
  const scheduler = schedulerOf(plan, combination)
  return scheduler ? ignoreResources(trace, scheduler.fit) : trace
}

function schedulerOf({ schedulers }: RunPlan, { packing }: Combination): KubeProfile | null {
  return Object.hasOwn(schedulers, packing) ? schedulers[packing] : null
}
