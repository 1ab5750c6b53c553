/**
 * What one simulation measured. Plain data: it goes through JSON unchanged. Durations are seconds of virtual time,
 * shares are of the capacity in the cell (time-weighted where a mean), counts are runs unless they say otherwise.
 */
export interface RunResult {
  readonly machines: number
  readonly jobs: number
  readonly tasks: number
  readonly runs: number
  /** Runs that were placed at least once. */
  readonly placed: number
  /** Runs that fit no machine of this cell even when it is empty, and the resources that are short, by name (a run can count under several). */
  readonly neverPlaceable: number
  readonly neverPlaceableBy: Readonly<Record<string, number>>
  /** Runs still waiting when the window closed (never placeable ones not counted). */
  readonly pending: number
  /** Runs on a machine when the window closed. */
  readonly running: number
  readonly ended: Readonly<Record<'finish' | 'fail' | 'kill', number>>
  /** Jobs. `held` counts those that were held at some time, whatever became of them. */
  readonly admission: { readonly admitted: number; readonly held: number; readonly rejected: number }
  readonly rejectedBy: Readonly<Record<string, number>>
  /** Evictions by tier, then by cause (`preempted`, `machine removed`, `machine shrunk`). */
  readonly evictions: Readonly<Record<string, Readonly<Record<string, number>>>>
  /** Task-seconds of running that evictions threw away. */
  readonly workLost: number
  /** By resource name. */
  readonly utilisation: Readonly<Record<string, Utilisation>>
  /** Machine-seconds during which a machine's placed requests were above its capacity. */
  readonly overfull: number
  /** Waits for the first placement by tier, and `all`. */
  readonly wait: Readonly<Record<string, Distribution>>
  /** Waits for a machine after an eviction. */
  readonly waitAfterEviction: Distribution
  /** (wait + run time) / run time of the runs that ended, run times below 10 s taken as 10 s, never below 1. */
  readonly slowdown: Distribution
  /** From the opening to the last end. */
  readonly makespan: number
  readonly series: Series
  readonly picture: CellPicture | null
}

export interface Utilisation {
  /** Mean share of capacity that placed tasks requested, and its peak over the series. */
  readonly allocated: number
  readonly peak: number
  /** Mean share of capacity that is free but unusable because another resource of the same machine is used up further (rho = 1; ours). */
  readonly stranded: number
}

export interface Distribution {
  readonly count: number
  /** How many more had not ended their wait when the window closed; they are in no other figure. */
  readonly censored: number
  readonly mean: number
  /** The mean with the censored ones counted at what they had waited by then: at least this. */
  readonly meanAtLeast: number
  readonly p50: number
  readonly p90: number
  readonly p99: number
  readonly max: number
  /** Points of the cumulative curve, for drawing: share[i] of the values are at most value[i]. */
  readonly curve: { readonly value: readonly number[]; readonly share: readonly number[] }
}

/** Samples at equal distances over the window; `time` in seconds from the opening. */
export interface Series {
  readonly time: readonly number[]
  readonly allocated: Readonly<Record<string, readonly number[]>>
  readonly stranded: Readonly<Record<string, readonly number[]>>
  readonly running: readonly number[]
  readonly pending: readonly number[]
  readonly machines: readonly number[]
}

/** How full every machine was at a few instants. */
export interface CellPicture {
  /** Seconds from the opening. */
  readonly time: readonly number[]
  /** Machine ids, in the order of the bytes. */
  readonly machine: readonly string[]
  /** By resource name, base64 of one byte for each (time, machine), time-major: 0..200 = share of capacity × 100, 255 = machine absent or without that resource. */
  readonly used: Readonly<Record<string, string>>
}
