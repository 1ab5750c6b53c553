import { type Column, float64, int32, uint8 } from './column.ts'
import type { Budget, ClassRules, MachineTraits } from './rules.ts'
import { ENDS, type End, MACHINE_EVENTS, type MachineEvent, NONE, type Resource, type Trace, WHOLE_DEVICE } from './trace.ts'

export interface MachineRow {
  readonly id: string
  /** By resource, in the trace's order; `gpu` is filled in from `devices`. */
  readonly capacity: readonly number[]
  readonly devices?: number
  readonly model?: string
  readonly present: boolean
  /** For all machines or for none. */
  readonly traits?: MachineTraits
}

export interface ClassRow {
  /** By resource, in the trace's order; `gpu` is filled in from `devices` and `milli`. */
  readonly request: readonly number[]
  readonly devices?: number
  readonly milli?: number
  /** Names of the allowed GPU models; absent or empty: any. Without devices it does not matter. */
  readonly models?: readonly string[]
  readonly priority: number
  readonly tier: string
  /** The job row whose tasks must be on different machines. */
  readonly spread?: number
  /** For all classes or for none. */
  readonly rules?: ClassRules
}

export interface RunRow {
  readonly task: number
  readonly class: number
  readonly arrival: number
  readonly runTime: number
  readonly end: End
  /** The run row of the same task before this one. */
  readonly previous?: number
  readonly preplaced?: boolean
  readonly machine?: number
}

export interface TraceHead {
  readonly name: string
  readonly format: string
  /** `constrains` holds a resource to account even where no machine has any of it. */
  readonly resources: readonly (Omit<Resource, 'constrains'> & { readonly constrains?: true })[]
  /** Lowest first. */
  readonly tiers: readonly string[]
}

export interface TraceTail {
  readonly start: number
  readonly end: number
  readonly counts: Readonly<Record<string, number>>
  readonly skipped: Readonly<Record<string, number>>
  readonly budgets?: readonly Budget[]
}

/** Builds a Trace row by row. Every method that adds gives the row's number; `trace` closes it. */
export class TraceBuilder {
  private readonly head: TraceHead
  private readonly resources: TraceHead['resources']
  private readonly gpu: number
  private readonly tierRow: Map<string, number>
  private readonly modelRow = new Map<string, number>([['', 0]])
  private readonly userRow = new Map<string, number>()
  private readonly classRow = new Map<string, number>()

  private readonly machineId: string[] = []
  private readonly machineCapacity: Column<Float64Array>[]
  private readonly machineDevices = uint8()
  private readonly machineModel = int32()
  private readonly machinePresent = uint8()
  private readonly machineTraits: MachineTraits[] = []

  private readonly events: { time: number; kind: number; machine: number; capacity: readonly number[] }[] = []

  private readonly classRequest: Column<Float64Array>[]
  private readonly classDevices = uint8()
  private readonly classMilli = int32()
  private readonly classModels: (readonly number[] | null)[] = []
  private readonly classPriority = int32()
  private readonly classTier = uint8()
  private readonly classSpread = int32()
  private readonly classRules: ClassRules[] = []

  private readonly jobId: string[] = []
  private readonly jobUser = int32()
  private readonly jobTier = uint8()

  private readonly taskJob = int32()
  private readonly taskIndex = int32()

  private readonly runTask = int32()
  private readonly runClass = int32()
  private readonly runArrival = float64()
  private readonly runRunTime = float64()
  private readonly runEnd = uint8()
  private readonly runPrevious = int32()
  private readonly runPreplaced = uint8()
  private readonly runMachine = int32()

  private readonly recordedRows: { run: number; machine: number; from: number; to: number }[] = []

  constructor(head: TraceHead) {
    this.head = head
    this.resources = head.resources
    this.machineCapacity = head.resources.map(float64)
    this.classRequest = head.resources.map(float64)
    this.gpu = head.resources.findIndex(({ name }) => name === 'gpu')
    this.tierRow = new Map(head.tiers.map((tier, row) => [tier, row]))
  }

  machine(row: MachineRow): number {
    const devices = row.devices ?? 0
    this.machineId.push(row.id)
    for (const [r, column] of this.machineCapacity.entries()) {
      column.push(r === this.gpu ? devices * WHOLE_DEVICE : row.capacity[r])
    }
    this.machineDevices.push(devices)
    this.machineModel.push(this.model(row.model ?? ''))
    this.machinePresent.push(row.present ? 1 : 0)
    if (row.traits) this.machineTraits.push(row.traits)
    return this.machineId.length - 1
  }

  machineEvent(time: number, kind: MachineEvent, machine: number, capacity: readonly number[]): void {
    this.events.push({ time, kind: MACHINE_EVENTS.indexOf(kind), machine, capacity })
  }

  user(name: string): number {
    return intern(this.userRow, name)
  }

  /** The row of this class, made when it is new. */
  class(row: ClassRow): number {
    const devices = row.devices ?? 0
    const milli = row.milli ?? 0
    const models =
      devices > 0 && row.models && row.models.length > 0 ? row.models.map((name) => this.model(name)).sort((a, b) => a - b) : null
    const spread = row.spread ?? NONE
    const tier = this.tier(row.tier)
    const key = `${row.request.join()};${devices};${milli};${models};${row.priority};${tier};${spread};${row.rules ? JSON.stringify(row.rules) : ''}`
    const known = this.classRow.get(key)
    if (known !== undefined) return known
    for (const [r, column] of this.classRequest.entries()) column.push(r === this.gpu ? devices * milli : row.request[r])
    this.classDevices.push(devices)
    this.classMilli.push(milli)
    this.classModels.push(models)
    this.classPriority.push(row.priority)
    this.classTier.push(tier)
    this.classSpread.push(spread)
    if (row.rules) this.classRules.push(row.rules)
    this.classRow.set(key, this.classRow.size)
    return this.classRow.size - 1
  }

  job(id: string, user: number, tier: string): number {
    this.jobId.push(id)
    this.jobUser.push(user)
    this.jobTier.push(this.tier(tier))
    return this.jobId.length - 1
  }

  task(job: number, index: number): number {
    this.taskJob.push(job)
    this.taskIndex.push(index)
    return this.taskJob.length - 1
  }

  run(row: RunRow): number {
    this.runTask.push(row.task)
    this.runClass.push(row.class)
    this.runArrival.push(row.arrival)
    this.runRunTime.push(row.runTime)
    this.runEnd.push(ENDS.indexOf(row.end))
    this.runPrevious.push(row.previous ?? NONE)
    this.runPreplaced.push(row.preplaced ? 1 : 0)
    this.runMachine.push(row.machine ?? NONE)
    return this.runTask.length - 1
  }

  recorded(run: number, machine: number, from: number, to: number): void {
    this.recordedRows.push({ run, machine, from, to })
  }

  trace(tail: TraceTail): Trace {
    const machineCapacity = this.machineCapacity.map((column) => column.done())
    const events = this.events
      .map((event, line) => ({ ...event, line }))
      .sort((a, b) => a.time - b.time || a.kind - b.kind || a.line - b.line)
    const eventCapacity = this.resources.map((_, r) =>
      Float64Array.from(events, ({ machine, capacity }) => (r === this.gpu ? machineCapacity[r][machine] : (capacity[r] ?? 0))),
    )
    const recorded = this.recordedRows.map((row, line) => ({ ...row, line })).sort((a, b) => a.from - b.from || a.line - b.line)
    const previous = this.runPrevious.done()
    const next = new Int32Array(previous.length).fill(NONE)
    for (let run = 0; run < previous.length; run++) if (previous[run] !== NONE) next[previous[run]] = run
    return {
      name: this.head.name,
      format: this.head.format,
      start: tail.start,
      end: tail.end,
      resources: this.resources.map((resource, r) => ({
        ...resource,
        constrains: resource.constrains || machineCapacity[r].some((c) => c > 0) || eventCapacity[r].some((c) => c > 0),
      })),
      tiers: this.head.tiers,
      models: [...this.modelRow.keys()],
      users: [...this.userRow.keys()],
      machines: {
        count: this.machineId.length,
        id: this.machineId,
        capacity: machineCapacity,
        devices: this.machineDevices.done(),
        model: this.machineModel.done(),
        present: this.machinePresent.done(),
        traits: allOrNone(this.machineTraits, this.machineId.length),
      },
      machineEvents: {
        count: events.length,
        time: Float64Array.from(events, (event) => event.time),
        kind: Uint8Array.from(events, (event) => event.kind),
        machine: Int32Array.from(events, (event) => event.machine),
        capacity: eventCapacity,
      },
      classes: {
        count: this.classRow.size,
        request: this.classRequest.map((column) => column.done()),
        devices: this.classDevices.done(),
        milli: this.classMilli.done(),
        models: this.classModels,
        priority: this.classPriority.done(),
        tier: this.classTier.done(),
        spread: this.classSpread.done(),
        tasks: this.tasksByClass(),
        rules: allOrNone(this.classRules, this.classRow.size),
      },
      jobs: this.jobs(),
      tasks: { count: this.taskJob.length, job: this.taskJob.done(), index: this.taskIndex.done() },
      runs: {
        count: this.runTask.length,
        task: this.runTask.done(),
        class: this.runClass.done(),
        arrival: this.runArrival.done(),
        runTime: this.runRunTime.done(),
        end: this.runEnd.done(),
        previous,
        next,
        preplaced: this.runPreplaced.done(),
        machine: this.runMachine.done(),
      },
      recorded: {
        count: recorded.length,
        run: Int32Array.from(recorded, (row) => row.run),
        machine: Int32Array.from(recorded, (row) => row.machine),
        from: Float64Array.from(recorded, (row) => row.from),
        to: Float64Array.from(recorded, (row) => row.to),
      },
      budgets: tail.budgets ?? [],
      counts: tail.counts,
      skipped: tail.skipped,
    }
  }

  private jobs(): Trace['jobs'] {
    const count = this.jobId.length
    const request = this.resources.map(() => new Float64Array(count))
    const runs = new Int32Array(count)
    for (let run = 0; run < this.runTask.length; run++) {
      const job = this.taskJob.get(this.runTask.get(run))
      runs[job]++
      if (this.runPrevious.get(run) !== NONE) continue
      for (const [r, column] of request.entries()) column[job] += this.classRequest[r].get(this.runClass.get(run))
    }
    return { count, id: this.jobId, user: this.jobUser.done(), tier: this.jobTier.done(), request, runs }
  }

  private tasksByClass(): Int32Array {
    const tasks = new Int32Array(this.classRow.size)
    for (let run = 0; run < this.runTask.length; run++) if (this.runPrevious.get(run) === NONE) tasks[this.runClass.get(run)]++
    return tasks
  }

  private tier(name: string): number {
    const row = this.tierRow.get(name)
    if (row === undefined) throw new Error(`unknown tier: ${name}`)
    return row
  }

  private model(name: string): number {
    return intern(this.modelRow, name)
  }
}

function allOrNone<T>(rows: readonly T[], count: number): readonly T[] | null {
  if (rows.length > 0 && rows.length !== count) throw new Error(`rules for ${rows.length} of ${count} rows`)
  return rows.length > 0 ? rows : null
}

function intern(rows: Map<string, number>, name: string): number {
  const known = rows.get(name)
  if (known !== undefined) return known
  rows.set(name, rows.size)
  return rows.size - 1
}
