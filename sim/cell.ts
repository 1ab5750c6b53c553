import { Census } from './census.ts'
import type { EvictableSums } from './evictable-sums.ts'
import { fullestDevices } from './fullest-devices.ts'
import type {
  ByResource,
  CellSight,
  CellView,
  Constraint,
  ConstraintPolicy,
  Overcommit,
  OvercommitPolicy,
  ParameterValues,
} from './policy.ts'
import type { RandomStream } from './random-stream.ts'
import { TaskRows } from './task-rows.ts'
import { NONE, WHOLE_DEVICE, type Workload } from './trace.ts'
import { truncate } from './truncate.ts'

/** Two prices of room: by requests (production and above), and by what an overcommit policy says is needed. */
export const BY_REQUEST = 0
export const BY_NEED = 1

/** For so many tasks a machine there is place from the beginning. */
const TASKS_A_MACHINE = 4

/** At least so many changes of machines are remembered. */
const LEAST_CHANGES_KEPT = 4096

/**
 * The machines and what is placed on them, as columns. `place` and `release` are exact opposites. Everything that a machine
 * has free is written by `refresh`, and nowhere else.
 */
export class Cell<Of extends Workload = Workload> {
  readonly machines: number
  readonly tasks = new TaskRows()
  /** Rows in the trace's resources of those that constrain; all columns below are in this order. */
  readonly resourceRows: readonly number[]
  readonly resources: readonly string[]
  readonly request: readonly Float64Array[]
  readonly capacity: readonly Float64Array[]
  readonly used: readonly Float64Array[]
  /** free[BY_REQUEST][r][machine], free[BY_NEED][r][machine]; the same columns where nothing is overcommitted. */
  readonly free: readonly (readonly Float64Array[])[]
  readonly overcommit: Overcommit | null
  readonly present: Uint8Array
  readonly taskCount: Int32Array
  /** First of the machine's tasks: lowest priority, latest placed. */
  readonly firstTask: Int32Array
  readonly deviceFree: Int32Array
  readonly deviceStart: Int32Array
  /** By machine, tasks that hold a share of a device, one whole device, two, …: see CellView. */
  readonly gpuTasks: Uint32Array
  /** Told of everybody who comes and goes, where there is one. */
  evictable: EvictableSums | null = null
  /** Sums by resource: capacity of the machines in the cell, requests of what is placed. */
  readonly totalCapacity: Float64Array
  readonly totalUsed: Float64Array
  machinesPresent = 0
  /** How many placements there have been. */
  placings = 0
  /** Tasks on machines. */
  tasksPlaced = 0
  /** Machines whose placed requests are above their capacity. */
  overfull = 0
  /** Rises whenever a machine changes in any way; `machineOfChange` knows the latest `changesKept` of them. */
  changes = 0
  /** The same, but also what was only tried counts: no two states share one. */
  private epoch = 0
  readonly changesKept: number
  /** A ring, twice as long as what is promised, since whoever only tries something out writes over the oldest and takes `changes` back. */
  private readonly changed: Int32Array
  /** Rises whenever a machine may have gained room; `gainedAt` says when each last did. */
  gains = 0
  readonly gainedAt: Float64Array
  /** Machines from the one that gained last to the one that never did. */
  latestGain = NONE
  readonly earlierGain: Int32Array
  private readonly laterGain: Int32Array
  private readonly allowed: readonly (Uint8Array | null)[]
  /** Which price of room a class pays, by class. */
  readonly price: Uint8Array
  /** For jobs whose tasks must be apart and that have some placed: how many, and how many on each machine. */
  private readonly spread = new Map<number, { tasks: number; readonly on: Uint16Array }>()
  readonly trace: Of
  /** Who is placed where, where the trace has rules beyond room. */
  readonly census: Census | null
  /** What keeps classes off machines beyond room; null where nothing does. */
  readonly constraint: Constraint | null
  /** What the class counts for in scores when it looks for a machine and when it is on one, and what the placed come to. */
  private readonly asked: readonly Float64Array[]
  private readonly weight: readonly Float64Array[]
  private readonly counted: readonly Float64Array[]

  constructor(trace: Of, overcommit: OvercommitPolicy, parameters: ParameterValues, constraint: ConstraintPolicy | null = null) {
    this.trace = trace
    const count = trace.machines.count
    this.machines = count
    this.changesKept = 2 ** Math.ceil(Math.log2(Math.max(LEAST_CHANGES_KEPT, count)))
    this.changed = new Int32Array(2 * this.changesKept)
    this.resourceRows = trace.resources.flatMap((resource, row) => (resource.constrains ? [row] : []))
    this.resources = this.resourceRows.map((row) => trace.resources[row].name)
    this.request = this.resourceRows.map((row) => trace.classes.request[row])
    this.capacity = this.resourceRows.map((row) => Float64Array.from(trace.machines.capacity[row]))
    this.used = this.resourceRows.map(() => new Float64Array(count))
    this.overcommit = overcommit.create({ resources: this.resources, used: this.byName(this.used) }, parameters)
    const byRequest = this.capacity.map((column) => Float64Array.from(column))
    this.free = [byRequest, this.overcommit ? this.capacity.map((column) => Float64Array.from(column)) : byRequest]
    this.present = new Uint8Array(count)
    this.taskCount = new Int32Array(count)
    this.tasks.reserve(TASKS_A_MACHINE * count)
    this.firstTask = new Int32Array(count).fill(NONE)
    this.deviceStart = new Int32Array(count + 1)
    for (let m = 0; m < count; m++) this.deviceStart[m + 1] = this.deviceStart[m] + trace.machines.devices[m]
    this.deviceFree = new Int32Array(this.deviceStart[count]).fill(WHOLE_DEVICE)
    this.gpuTasks = new Uint32Array(this.deviceStart[count] + count)
    this.totalCapacity = new Float64Array(this.resources.length)
    this.totalUsed = new Float64Array(this.resources.length)
    this.gainedAt = new Float64Array(count)
    this.earlierGain = new Int32Array(count).fill(NONE)
    this.laterGain = new Int32Array(count).fill(NONE)
    this.allowed = trace.classes.models.map((models) => {
      if (models === null) return null
      const bits = new Uint8Array(trace.models.length)
      for (const model of models) bits[model] = 1
      return bits
    })
    const production = trace.tiers.indexOf('production')
    this.price = Uint8Array.from(trace.classes.tier, (tier) => (production !== NONE && tier >= production ? BY_REQUEST : BY_NEED))
    const { traits } = trace.machines
    const { rules } = trace.classes
    this.census = traits && rules ? new Census(trace.machines.id, traits, rules) : null
    if (this.census && !constraint) throw new Error(`${trace.name} has rules beyond room, and no constraint is there to heed them`)
    const said = (which: 'asked' | 'placed') =>
      this.request.map((request, r) =>
        rules?.some((rule) => rule[which][this.resources[r]] !== undefined)
          ? request.map((own, taskClass) => rules[taskClass][which][this.resources[r]] ?? own)
          : request,
      )
    this.asked = said('asked')
    this.weight = said('placed')
    this.counted = this.used.map((used, r) => (this.weight[r] === this.request[r] ? used : new Float64Array(count)))
    for (let m = 0; m < count; m++) if (trace.machines.present[m]) this.add(m)
    this.constraint = this.census && constraint ? constraint.create(this.sight(BY_REQUEST)) : null
  }

  /** What a packing policy sees when a class that pays this price asks. */
  view(price: number, random: RandomStream, scoreStep = 0): CellView {
    return { ...this.sight(price), truncate: (score) => truncate(score, scoreStep), random }
  }

  /** The part of it that is the same whoever asks. */
  sight(price: number): CellSight {
    const { classes, machines } = this.trace
    return {
      resources: this.resources,
      machines: {
        count: this.machines,
        capacity: this.byName(this.capacity),
        free: this.byName(this.free[price]),
        counted: this.byName(this.counted),
        present: this.present,
        tasks: this.taskCount,
        deviceFree: this.deviceFree,
        deviceStart: this.deviceStart,
        model: machines.model,
        gpuTasks: this.gpuTasks,
      },
      models: this.trace.models,
      classes: {
        count: classes.count,
        request: this.byName(this.request),
        asked: this.byName(this.asked),
        devices: classes.devices,
        milli: classes.milli,
        models: classes.models,
        tasks: classes.tasks,
        priority: classes.priority,
        tier: classes.tier,
      },
      fullestDevices,
      rules: this.census,
      epoch: () => this.epoch,
    }
  }

  /** Which machine changed, of one of the latest changes. */
  machineOfChange(change: number): number {
    return this.changed[change & (this.changed.length - 1)]
  }

  /** Writes what a machine must have free of each resource for a task of this class; a request of 0 fits whatever is there. */
  readRequest(taskClass: number, into: Float64Array): void {
    for (let r = 0; r < into.length; r++) {
      const request = this.request[r][taskClass]
      into[r] = request > 0 ? request : Number.NEGATIVE_INFINITY
    }
  }

  /** Whether a task of this class has room on this machine as it is, and may go there. */
  fits(taskClass: number, machine: number): boolean {
    return this.hasRoom(taskClass, machine) && (this.constraint === null || this.constraint.allows(taskClass, machine))
  }

  /** Whether what lies on other machines decides where this class may go. */
  isWide(taskClass: number): boolean {
    return this.constraint?.isWide(taskClass) ?? false
  }

  /** The part of `fits` that is about the machine's room. */
  hasRoom(taskClass: number, machine: number): boolean {
    if (!this.present[machine]) return false
    const free = this.free[this.price[taskClass]]
    for (let r = 0; r < free.length; r++) {
      const request = this.request[r][taskClass]
      if (request > 0 && request > free[r][machine]) return false
    }
    return this.suits(taskClass, machine)
  }

  /** The rest of `hasRoom`, beyond sums of resources: model, devices one by one, machines that the job is already on. */
  suits(taskClass: number, machine: number): boolean {
    const { classes } = this.trace
    if (classes.devices[taskClass] > 0 && !this.devicesFit(taskClass, machine)) return false
    return !this.holdsSibling(taskClass, machine)
  }

  allowsModel(taskClass: number, machine: number): boolean {
    const allowed = this.allowed[taskClass]
    return allowed === null || allowed[this.trace.machines.model[machine]] === 1
  }

  /** Whether the machine holds a task of the same job, where the job's tasks must be apart. */
  holdsSibling(taskClass: number, machine: number): boolean {
    return (this.siblingsOf(taskClass)?.[machine] ?? 0) > 0
  }

  /** Tasks of the class's job on each machine, where they must be apart and some are placed. */
  siblingsOf(taskClass: number): Uint16Array | null {
    const job = this.trace.classes.spread[taskClass]
    return job === NONE ? null : (this.spread.get(job)?.on ?? null)
  }

  devicesFit(taskClass: number, machine: number): boolean {
    if (!this.allowsModel(taskClass, machine)) return false
    const { devices, milli } = this.trace.classes
    const { deviceFree } = this
    let left = devices[taskClass]
    for (let d = this.deviceStart[machine]; d < this.deviceStart[machine + 1] && left > 0; d++) {
      if (deviceFree[d] >= milli[taskClass]) left--
    }
    return left === 0
  }

  /** The devices that a task of this class gets here where its policy does not say. */
  pickDevices(taskClass: number, machine: number): number {
    const { devices, milli } = this.trace.classes
    return fullestDevices(this.deviceFree, this.deviceStart[machine], this.deviceStart[machine + 1], devices[taskClass], milli[taskClass])
  }

  /** Puts the task there, whether or not it fits. */
  place(task: number, machine: number, devices: number): void {
    const { tasks } = this
    tasks.machine[task] = machine
    tasks.devices[task] = devices
    tasks.placing[task] = ++this.placings
    this.link(task, machine)
    this.evictable?.count(tasks.class[task], machine, 1)
    this.account(tasks.class[task], machine, devices, 1)
  }

  /** Takes the task off its machine: the machine is left as it was before `place`. */
  release(task: number): void {
    const { tasks } = this
    const machine = tasks.machine[task]
    const devices = tasks.devices[task]
    this.unlink(task, machine)
    this.evictable?.count(tasks.class[task], machine, -1)
    tasks.machine[task] = NONE
    tasks.devices[task] = 0
    this.account(tasks.class[task], machine, devices, -1)
    this.gain(machine)
  }

  /** The machine joins the cell. */
  add(machine: number): void {
    if (this.present[machine]) return
    this.present[machine] = 1
    this.machinesPresent++
    this.epoch++
    this.changed[this.changes++ & (this.changed.length - 1)] = machine
    for (let r = 0; r < this.capacity.length; r++) this.totalCapacity[r] += this.capacity[r][machine]
    if (this.isOverfull(machine)) this.overfull++
    this.gain(machine)
  }

  /** The machine leaves the cell. */
  remove(machine: number): void {
    if (!this.present[machine]) return
    this.present[machine] = 0
    this.machinesPresent--
    this.epoch++
    this.changed[this.changes++ & (this.changed.length - 1)] = machine
    for (let r = 0; r < this.capacity.length; r++) this.totalCapacity[r] -= this.capacity[r][machine]
    if (this.isOverfull(machine)) this.overfull--
  }

  /** Sets a machine's capacity from row `event` of the trace's machine events. */
  resize(machine: number, event: number): void {
    for (let r = 0; r < this.capacity.length; r++) {
      const capacity = this.trace.machineEvents.capacity[this.resourceRows[r]][event]
      if (this.present[machine]) this.totalCapacity[r] += capacity - this.capacity[r][machine]
      this.capacity[r][machine] = capacity
    }
    this.refresh(machine)
    this.gain(machine)
  }

  /** Adds to (+1) or takes from (−1) a machine what a task of this class holds; also used to try what if. */
  account(taskClass: number, machine: number, devices: number, sign: 1 | -1): void {
    const { counted, totalUsed, used } = this
    for (let r = 0; r < used.length; r++) {
      const request = sign * this.request[r][taskClass]
      used[r][machine] += request
      totalUsed[r] += request
      if (counted[r] !== used[r]) counted[r][machine] += sign * this.weight[r][taskClass]
    }
    this.census?.count(taskClass, machine, sign)
    this.taskCount[machine] += sign
    this.tasksPlaced += sign
    if (devices !== 0) this.accountDevices(taskClass, machine, devices, sign)
    const job = this.trace.classes.spread[taskClass]
    if (job !== NONE) this.countSibling(job, machine, sign)
    this.refresh(machine)
  }

  private accountDevices(taskClass: number, machine: number, devices: number, sign: 1 | -1): void {
    const { classes } = this.trace
    const milli = classes.milli[taskClass]
    const start = this.deviceStart[machine]
    for (let bits = devices, d = start; bits !== 0; bits >>>= 1, d++) if (bits & 1) this.deviceFree[d] -= sign * milli
    this.gpuTasks[start + machine + (milli < WHOLE_DEVICE ? 0 : classes.devices[taskClass])] += sign
  }

  /** Counts a task of this class that runs on a machine nobody knows. */
  countUnknown(taskClass: number, sign: 1 | -1): void {
    for (let r = 0; r < this.used.length; r++) this.totalUsed[r] += sign * this.request[r][taskClass]
    this.tasksPlaced += sign
  }

  isOverfull(machine: number): boolean {
    return this.free[BY_REQUEST].some((column) => column[machine] < 0)
  }

  /** The one place where a machine's free columns are written. */
  private refresh(machine: number): void {
    this.epoch++
    this.changed[this.changes++ & (this.changed.length - 1)] = machine
    const { capacity, overcommit, used } = this
    const byRequest = this.free[BY_REQUEST]
    let wasOverfull = 0
    let isOverfull = 0
    for (let r = 0; r < used.length; r++) {
      const free = capacity[r][machine] - used[r][machine]
      if (byRequest[r][machine] < 0) wasOverfull = 1
      if (free < 0) isOverfull = 1
      byRequest[r][machine] = free
      if (overcommit) this.free[BY_NEED][r][machine] = capacity[r][machine] - overcommit.need(this.resources[r], machine)
    }
    if (this.present[machine]) this.overfull += isOverfull - wasOverfull
  }

  /** Moves the machine to the front of the list of gains. */
  private gain(machine: number): void {
    const { earlierGain, laterGain } = this
    this.gainedAt[machine] = ++this.gains
    if (this.latestGain === machine) return
    const later = laterGain[machine]
    const earlier = earlierGain[machine]
    if (later !== NONE) earlierGain[later] = earlier
    if (earlier !== NONE) laterGain[earlier] = later
    earlierGain[machine] = this.latestGain
    laterGain[machine] = NONE
    if (this.latestGain !== NONE) laterGain[this.latestGain] = machine
    this.latestGain = machine
  }

  private countSibling(job: number, machine: number, sign: 1 | -1): void {
    const placed = this.spread.get(job) ?? { tasks: 0, on: new Uint16Array(this.machines) }
    placed.tasks += sign
    placed.on[machine] += sign
    if (placed.tasks === 0) this.spread.delete(job)
    else this.spread.set(job, placed)
  }

  private link(task: number, machine: number): void {
    const { nextOnMachine, previousOnMachine, class: classes } = this.tasks
    const { priority } = this.trace.classes
    const mine = priority[classes[task]]
    let before = NONE
    let after = this.firstTask[machine]
    while (after !== NONE && priority[classes[after]] < mine) {
      before = after
      after = nextOnMachine[after]
    }
    nextOnMachine[task] = after
    previousOnMachine[task] = before
    if (after !== NONE) previousOnMachine[after] = task
    if (before === NONE) this.firstTask[machine] = task
    else nextOnMachine[before] = task
  }

  private unlink(task: number, machine: number): void {
    const { nextOnMachine, previousOnMachine } = this.tasks
    const before = previousOnMachine[task]
    const after = nextOnMachine[task]
    if (after !== NONE) previousOnMachine[after] = before
    if (before === NONE) this.firstTask[machine] = after
    else nextOnMachine[before] = after
  }

  private byName(columns: readonly Float64Array[]): ByResource {
    return Object.fromEntries(this.resources.map((name, r) => [name, columns[r]]))
  }
}
