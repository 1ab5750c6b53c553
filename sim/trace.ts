import type { Budget, ClassRules, MachineTraits } from './rules.ts'

/** All of a trace but what grows with its runs: what a simulation holds in memory, whether runs are read from tables or drawn as they come. */
export interface Workload {
  /** What the user calls it: a profile's name, a file or folder name. */
  readonly name: string
  readonly format: string
  /** The window of the replay, microseconds: [start, end]. */
  readonly start: number
  readonly end: number
  readonly resources: readonly Resource[]
  /** Tier names, lowest first. `production` and `monitoring` mean what Borg means by them. */
  readonly tiers: readonly string[]
  /** GPU model names; row 0 is '' (no GPU, or unknown). */
  readonly models: readonly string[]
  readonly users: readonly string[]
  readonly machines: MachineTable
  readonly machineEvents: MachineEventTable
  readonly classes: ClassTable
  readonly jobs: Omit<JobTable, 'id'>
  readonly tasks: Pick<TaskTable, 'count'>
  readonly runs: Pick<RunTable, 'count'>
  /** What bounds evictions; empty where the trace says nothing of the kind. */
  readonly budgets: readonly Budget[]
  /** What was read, by name (rows, jobs, tasks, runs, unscheduled …), in the order to be shown. */
  readonly counts: Readonly<Record<string, number>>
  /** Rows or runs left out, by reason. */
  readonly skipped: Readonly<Record<string, number>>
}

/**
 * A workload and the cell it ran on, as columns: what every loader and generator makes and the simulator runs.
 *
 * Times are integer microseconds, capacities and requests integers in the unit that each resource declares.
 * `capacity[r][machine]` and `request[r][class]` are indexed by resource row first.
 */
export interface Trace extends Workload {
  readonly jobs: JobTable
  readonly tasks: TaskTable
  readonly runs: RunTable
  readonly recorded: RecordedTable
}

export interface Resource {
  /** `cpu`, `memory`, `disk`, `gpu`, or a named extended one. */
  readonly name: string
  /** What one unit is, for people: `milli-CPU`, `MiB`, `1e-9 of the largest machine`. */
  readonly unit: string
  /** How many units make one of what people count: 1000 milli-CPU a CPU. */
  readonly scale: number
  /** False when no machine states a capacity for it (the disk of 2011): then it never constrains. */
  readonly constrains: boolean
}

/** No row. */
export const NONE = -1

/** The most GPU devices a machine may have: a task's devices are kept as bits of one 32-bit number. */
export const MAX_DEVICES = 32

/** Milli-GPU in a whole device. */
export const WHOLE_DEVICE = 1000

export interface MachineTable {
  readonly count: number
  readonly id: readonly string[]
  /** At the opening, or when first added. For the resource `gpu`: 1000 × devices. */
  readonly capacity: readonly Float64Array[]
  readonly devices: Uint8Array
  /** Row in `models`. */
  readonly model: Int32Array
  /** 1 where the machine is in the cell at the opening. */
  readonly present: Uint8Array
  /** null where the trace knows of no rules beyond room. */
  readonly traits: readonly MachineTraits[] | null
}

/** What the world does to a machine, in the order in which it is applied at one instant. */
export const MACHINE_EVENTS = ['remove', 'add', 'update'] as const
export type MachineEvent = (typeof MACHINE_EVENTS)[number]

/** Sorted by (time, kind, line). */
export interface MachineEventTable {
  readonly count: number
  readonly time: Float64Array
  /** Index into MACHINE_EVENTS. */
  readonly kind: Uint8Array
  readonly machine: Int32Array
  /** The capacity from then on, by resource; unused by removals. GPUs never change. */
  readonly capacity: readonly Float64Array[]
}

/** Tasks that are the same to a scheduler: request, constraints, priority, tier. */
export interface ClassTable {
  readonly count: number
  /** For the resource `gpu`: devices × milli-GPU each. */
  readonly request: readonly Float64Array[]
  /** How many GPU devices, each with `milli` of its 1000. */
  readonly devices: Uint8Array
  readonly milli: Int32Array
  /** Rows of the allowed GPU models, or null for any. */
  readonly models: readonly (readonly number[] | null)[]
  readonly priority: Int32Array
  readonly tier: Uint8Array
  /** The job whose tasks must all be on different machines, or NONE. */
  readonly spread: Int32Array
  /** Tasks of the class, each counted by its first run. */
  readonly tasks: Int32Array
  /** null where the trace knows of no rules beyond room. */
  readonly rules: readonly ClassRules[] | null
}

export interface JobTable {
  readonly count: number
  readonly id: readonly string[]
  /** Row in `users`. */
  readonly user: Int32Array
  readonly tier: Uint8Array
  /** Summed over the job's tasks, each counted once: what admission is asked for. */
  readonly request: readonly Float64Array[]
  readonly runs: Int32Array
}

/** A task is a (job, index); people see it as `job/index`. */
export interface TaskTable {
  readonly count: number
  readonly job: Int32Array
  readonly index: Int32Array
}

/** How a run ends; `none` runs on past the window. */
export const ENDS = ['finish', 'fail', 'kill', 'none'] as const
export type End = (typeof ENDS)[number]

/** Each submission of a task begins a run. The row is the file and line order, and so the order of arrivals at one instant. */
export interface RunTable {
  readonly count: number
  readonly task: Int32Array
  readonly class: Int32Array
  /** A first run's arrival; for a later run the gap after its predecessor's end in the replay. */
  readonly arrival: Float64Array
  /** Infinity: never ends (censored). NaN: the trace never scheduled it. */
  readonly runTime: Float64Array
  /** Index into ENDS. */
  readonly end: Uint8Array
  /** The same task's run before and after this one, or NONE. */
  readonly previous: Int32Array
  readonly next: Int32Array
  /** 1 where the run was on a machine at the opening. */
  readonly preplaced: Uint8Array
  /** A preplaced run's recorded machine, or NONE. */
  readonly machine: Int32Array
}

/** Where the trace itself had each run, for `--as-recorded`: sorted by (from, row). */
export interface RecordedTable {
  readonly count: number
  readonly run: Int32Array
  /** NONE where the trace does not say. */
  readonly machine: Int32Array
  readonly from: Float64Array
  /** Infinity where the trace closes first. */
  readonly to: Float64Array
}
