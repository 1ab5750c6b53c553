import type { RunResult } from '../sim/index.ts'

/** What `results.json` holds: everything a report needs, with what made it. Plain data, the same bytes for the same input and seeds. */
export interface Comparison {
  readonly stowage: string
  /** `compare` or `simulate`. */
  readonly command: string
  readonly trace: TraceSummary
  readonly options: ComparisonOptions
  /** One row a (combination, seed), in the order of the combinations as asked, then seeds. */
  readonly rows: readonly Row[]
  /** One entry a combination, in the order as asked: how many machines are enough. Empty when that was not asked for. */
  readonly machinesNeeded: readonly MachinesNeeded[]
  /** Each combination against the best one, paired by seed. Empty with fewer than two combinations. */
  readonly contrasts: readonly Contrast[]
}

export interface TraceSummary {
  readonly name: string
  /** As typed by the user, so that the run can be repeated; absent for a built-in profile. */
  readonly path?: string
  readonly format: string
  readonly resources: readonly { readonly name: string; readonly unit: string; readonly scale: number }[]
  readonly tiers: readonly string[]
  readonly windowSeconds: number
  readonly counts: Readonly<Record<string, number>>
  readonly skipped: Readonly<Record<string, number>>
}

/** Every parameter that moves a result, by the name that the user types. */
export interface ComparisonOptions {
  readonly [option: string]: string | number | boolean | null
}

export interface Combination {
  readonly admission: string
  readonly packing: string
  readonly overcommit: string
}

export interface Row extends Combination {
  readonly tie: string
  readonly preemption: string
  readonly seed: number
  /** True where no seed can move this run: it was simulated once and stands for every seed. */
  readonly deterministic: boolean
  readonly result: RunResult
  readonly machinesNeeded: MachinesNeededTrial | null
}

export interface MachinesNeededTrial {
  readonly seed: number
  /** The boundary: this many machines fit the set and one fewer does not. Null when the whole cell does not fit it. */
  readonly machines: number | null
  /** The shortest prefix of the same permutation with enough capacity, by resource. */
  readonly lowerBound: Readonly<Record<string, number>>
  /** Tasks in the set. */
  readonly tasks: number
}

export interface MachinesNeeded extends Combination {
  readonly trials: readonly MachinesNeededTrial[]
  /** 90th percentile by nearest rank, minimum, maximum, mean over the trials; null where a trial did not fit the whole cell. */
  readonly p90: number | null
  readonly min: number | null
  readonly max: number | null
  readonly mean: number | null
  /** 90th percentile of the largest lower bound of each trial. */
  readonly lowerBound: number
}

/** A paired comparison: `difference` = this − best, mean over the seeds. */
export interface Contrast {
  /** `machines_needed`, or `wait_mean_at_least_s` where that was not asked for or no combination fits. */
  readonly measure: string
  readonly best: Combination
  readonly other: Combination
  readonly seeds: number
  readonly difference: number
  /** 95 % t interval of the mean difference; null where nothing varies between seeds. */
  readonly interval: readonly [number, number] | null
  /** Two-sided paired t test, before and after Holm's correction over the table; null where nothing varies. */
  readonly p: number | null
  readonly holm: number | null
  /** `better`: the best one is better by more than noise; `noise`: cannot tell; `equal`: the same at every seed; `deterministic`: differs, and no seed can move it. */
  readonly verdict: 'better' | 'noise' | 'equal' | 'deterministic'
}
