import type { RandomStream } from './random-stream.ts'
import type { ClassRules, LabelCondition, Labels, MachineTraits, TaskQuery } from './rules.ts'

/** Columns by resource name. */
export type ByResource = Readonly<Record<string, Readonly<Float64Array>>>

/** What a packing policy may read. Columns are live: they always hold the present state. */
export interface CellView {
  /** Names of the resources that constrain, `gpu` among them where there are devices. */
  readonly resources: readonly string[]
  readonly machines: {
    /** Rows; some may be absent from the cell, and a policy is never asked about those. */
    readonly count: number
    readonly capacity: ByResource
    /** What counts as free for the asker's tier: below zero where a machine is overfull. */
    readonly free: ByResource
    /** What the placed tasks count for in scores: their requests, where the trace does not say otherwise. */
    readonly counted: ByResource
    /** 1 where the machine is in the cell. */
    readonly present: Readonly<Uint8Array>
    /** Placed tasks. */
    readonly tasks: Readonly<Int32Array>
    /** Free milli-GPU of device i of a machine: `deviceFree[deviceStart[machine] + i]`, up to `deviceStart[machine + 1]`. */
    readonly deviceFree: Readonly<Int32Array>
    readonly deviceStart: Readonly<Int32Array>
    /** Row in `models`. */
    readonly model: Readonly<Int32Array>
    /**
     * Placed tasks by what they hold of the GPUs: `gpuTasks[deviceStart[machine] + machine + n]` hold n whole devices each, and with
     * n = 0 a share; n up to the machine's devices.
     */
    readonly gpuTasks: Readonly<Uint32Array>
  }
  /** GPU model names; row 0 is '' (no GPU, or unknown). */
  readonly models: readonly string[]
  readonly classes: {
    readonly count: number
    readonly request: ByResource
    /** What a task that looks for a machine counts for in scores: its request, where the trace does not say otherwise. */
    readonly asked: ByResource
    readonly devices: Readonly<Uint8Array>
    readonly milli: Readonly<Int32Array>
    /** Rows of the allowed GPU models, or null for any. */
    readonly models: readonly (readonly number[] | null)[]
    /** Tasks of each class in the trace as it was given: the mix that is known beforehand. */
    readonly tasks: Readonly<Int32Array>
    readonly priority: Readonly<Int32Array>
    readonly tier: Readonly<Uint8Array>
  }
  /**
   * The devices, as bits from `start`, that the cell gives a task of `devices` × `milli` where its policy does not say, if this much
   * were free on those from `start` up to `end`.
   */
  fullestDevices(free: ArrayLike<number>, start: number, end: number, devices: number, milli: number): number
  /** A score as this run compares it, for a policy that compares devices itself. */
  truncate(score: number): number
  /** What asks more than room, and who is placed where; null where the trace knows nothing of the kind. */
  readonly rules: RulesView | null
  /** Rises whenever anything in the cell changes. */
  epoch(): number
  /** The policy's own stream of chance. */
  readonly random: RandomStream
}

/** What is so whoever asks. */
export type CellSight = Omit<CellView, 'random' | 'truncate'>

/** Rules beyond room, and what they are about: the tasks that are placed, by class. */
export interface RulesView {
  readonly ids: readonly string[]
  readonly machines: readonly MachineTraits[]
  readonly classes: readonly ClassRules[]
  /** Classes with tasks on machines, in no order. */
  readonly placedClasses: ReadonlySet<number>
  /** How many tasks of each class lie on the machine, and on which machines how many of the class lie. */
  classesOn(machine: number): ReadonlyMap<number, number>
  machinesOf(taskClass: number): ReadonlyMap<number, number>
  matches(query: TaskQuery, taskClass: number): boolean
  holds(conditions: readonly LabelCondition[], labels: Labels): boolean
}

/** A policy's parameters after its name: `name:key=value,…`. The default's type is the type of the parameter. */
export type ParameterTable = Readonly<Record<string, Parameter>>

export interface Parameter {
  readonly default: number | string
  readonly meaning: string
  /** The smallest number allowed. */
  readonly least?: number
  /** The only words allowed. */
  readonly choices?: readonly string[]
}

export type ParameterValues = Readonly<Record<string, number | string>>

interface Policy {
  /** What it does, in a sentence. */
  readonly sentence: string
  /** Paper and section, or `ours`. */
  readonly source: string
  readonly parameters?: ParameterTable
}

export interface PackingPolicy extends Policy {
  /** The tie-break that belongs to the policy, whatever the run has. */
  readonly ties?: 'lowest-id' | 'random' | 'heap'
  /**
   * What is known of the order in which scores put machines, so that it need not be found out; nothing where absent. `none`: every
   * score is 0, and the tie-break decides. `shared`: the machines of one shape (capacity, devices, model) stand in the same order for every class,
   * save for rounding (2⁻²⁶ of a score or of 1), as with a part for the class and the shape plus a part for the machine.
   */
  readonly order?: 'none' | 'shared'
  /** What cells it is for; without it, any. */
  readonly cells?: 'gpu'
  create(cell: CellView, parameters: ParameterValues): Packing
}

export interface Packing {
  /** How good this machine is for a task of this class: higher is better. The engine has already made sure that the task fits. */
  score(taskClass: number, machine: number): number
  /** Which device of the chosen machine a task with a share of one GPU gets; without it, the fullest that still has room. */
  device?(taskClass: number, machine: number): number
  /** Maps a truncated score onto a common scale, given the least and the most of all machines with room at this decision. NaN is left out, and counts as 0. */
  normalise?(score: number, least: number, most: number): number
  /**
   * A weighted sum of policies: each is truncated and normalised by itself before it is weighed. `score` is then the sum without
   * normalisation, for where one machine is asked about alone.
   */
  readonly terms?: readonly Term[]
  /**
   * Called before the scores of a decision are asked for, with the machines that are to be scored (the first `count`), where they
   * depend on which these are or on what lies on others: then nothing is kept between decisions. False: as a term it adds nothing.
   */
  begin?(taskClass: number, machines: Int32Array, count: number): boolean
  /**
   * Called once a decision: puts the machines with room (in row order, the first `count`) into the order in which they are
   * compared, drops some, and gives how many are left.
   */
  sample?(taskClass: number, machines: Int32Array, count: number): number
}

export interface Term {
  /** What people call it. */
  readonly name?: string
  readonly weight: number
  readonly packing: Packing
}

export interface ConstraintPolicy extends Policy {
  create(cell: CellSight): Constraint
}

/** Which machines a class may go to, beyond room, as the cell is now. */
export interface Constraint {
  allows(taskClass: number, machine: number): boolean
  /** Whether the class is barred in whatever state the cell may be. */
  never(taskClass: number, machine: number): boolean
  /** Whether evicting tasks could help where it is barred. */
  mayOpen(taskClass: number, machine: number): boolean
  /** Why it is barred, for people; empty where it is not. */
  reasons(taskClass: number, machine: number): readonly string[]
  /** Whether what lies on other machines decides too: then no answer for the class outlasts a change anywhere. */
  isWide(taskClass: number): boolean
}

/** What an admission policy may read. Requests and capacities are in the trace's units. */
export interface AdmissionView {
  readonly resources: readonly string[]
  readonly tiers: readonly string[]
  readonly jobs: { readonly user: Readonly<Int32Array>; readonly tier: Readonly<Uint8Array>; readonly request: ByResource }
  /** Capacity of the machines in the cell now. */
  capacity(resource: string): number
  /** Requests of the admitted jobs of this user and tier that have runs left. */
  asked(user: number, tier: number, resource: string): number
}

/** `hold` asks again when an admitted job has gone. */
export type AdmissionAnswer = 'admit' | 'hold' | { readonly reject: string }

export interface AdmissionPolicy extends Policy {
  create(view: AdmissionView, parameters: ParameterValues): Admission
}

export interface Admission {
  ask(job: number): AdmissionAnswer
}

/** What an overcommit policy may read. */
export interface OvercommitView {
  readonly resources: readonly string[]
  /** Sum of the requests placed on each machine, by resource. */
  readonly used: ByResource
}

export interface OvercommitPolicy extends Policy {
  /** null: requests are what is needed. */
  create(view: OvercommitView, parameters: ParameterValues): Overcommit | null
}

export interface Overcommit {
  /**
   * How much of this machine its tasks will really need, in whole units of the resource. A pure function of the machine's
   * columns. Tasks below the production tier see capacity − need as free; production and monitoring see capacity − requests.
   */
  need(resource: string, machine: number): number
}
