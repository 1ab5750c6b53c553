import { Cell } from './cell.ts'
import type { Measured } from './measured.ts'
import type { Observer } from './observer.ts'
import { Placeable } from './placeable.ts'
import type { ConstraintPolicy, OvercommitPolicy } from './policy.ts'
import type { Chosen } from './simulation.ts'
import { STATES } from './task-rows.ts'
import { ENDS, MACHINE_EVENTS, NONE, type Trace } from './trace.ts'

/**
 * Places each run where and when the trace did, unconditionally, and lets the machines overfill: the yardstick for every
 * policy. A run whose machine the trace does not name counts in the cell and on no machine.
 */
export class AsRecorded implements Measured {
  readonly trace: Trace
  readonly cell: Cell
  readonly placeable: Placeable
  now: number
  readonly waiting = 0
  private readonly observers: readonly Observer[]
  /** Recorded rows in the order of their ends. */
  private readonly byEnd: Int32Array
  /** Task row of each recorded row while it is on its machine. */
  private readonly taskOf: Int32Array
  /** The last recorded row of each run. */
  private readonly lastStay: Int32Array
  private readonly lastEndOfRun = new Map<number, number>()
  private readonly lastStartOfRun = new Map<number, number>()
  private readonly placedRuns = new Set<number>()
  private starts = 0
  private ends = 0
  private machineEvent = 0

  constructor(
    trace: Trace,
    overcommit: Chosen<OvercommitPolicy>,
    observe: (run: AsRecorded) => readonly Observer[],
    constraint?: ConstraintPolicy,
  ) {
    this.trace = trace
    this.now = trace.start
    this.cell = new Cell(trace, overcommit.policy, overcommit.parameters, constraint)
    this.placeable = new Placeable(trace, this.cell)
    const { to } = trace.recorded
    this.byEnd = Int32Array.from({ length: trace.recorded.count }, (_, row) => row).sort((a, b) => compare(to[a], to[b]) || a - b)
    this.taskOf = new Int32Array(trace.recorded.count).fill(NONE)
    this.lastStay = new Int32Array(trace.runs.count).fill(NONE)
    for (let row = 0; row < trace.recorded.count; row++) this.lastStay[trace.recorded.run[row]] = row
    this.observers = observe(this)
  }

  /** Handles the next recorded event: ends first, then machines, then placements; false once the window has closed. */
  step(): boolean {
    const { machineEvents, recorded } = this.trace
    const end = this.ends < recorded.count ? recorded.to[this.byEnd[this.ends]] : Number.POSITIVE_INFINITY
    const machine = this.machineEvent < machineEvents.count ? machineEvents.time[this.machineEvent] : Number.POSITIVE_INFINITY
    const start = this.starts < recorded.count ? recorded.from[this.starts] : Number.POSITIVE_INFINITY
    const time = Math.min(end, machine, start)
    if (time > this.trace.end) {
      this.advance(this.trace.end)
      for (const observer of this.observers) observer.closed?.()
      return false
    }
    this.advance(time)
    // A placement that ends at the same instant begins before it ends.
    const ending = this.ends < recorded.count ? this.byEnd[this.ends] : NONE
    if (end === time && ending < this.starts) this.handleEnd(ending)
    else if (machine === time) this.handleMachine()
    else this.handleStart(this.starts++)
    return true
  }

  private advance(time: number): void {
    if (time === this.now) return
    for (const observer of this.observers) observer.advanced?.(this.now, time)
    this.now = time
  }

  private handleStart(row: number): void {
    const { recorded, runs, tasks } = this.trace
    const run = recorded.run[row]
    const rows = this.cell.tasks
    const task = rows.add(run, runs.class[run], tasks.job[runs.task[run]], this.arrivalOf(run))
    this.taskOf[row] = task
    rows.state[task] = STATES.running
    rows.runTime[task] = runs.runTime[run]
    rows.end[task] = runs.end[run]
    rows.placedAt[task] = this.now
    if (this.placedRuns.has(run)) {
      rows.placedBefore[task] = 1
      rows.waitingSince[task] = this.lastEndOfRun.get(run) ?? this.now
    }
    this.placedRuns.add(run)
    this.lastStartOfRun.set(run, this.now)
    if (recorded.machine[row] === NONE) this.cell.countUnknown(rows.class[task], 1)
    else this.cell.place(task, recorded.machine[row], 0)
    for (const observer of this.observers) observer.placed?.(task, recorded.machine[row])
    for (const observer of this.observers) observer.settled?.('recorded placement', run)
  }

  private handleEnd(row: number): void {
    const { recorded, runs } = this.trace
    const run = recorded.run[row]
    const task = this.taskOf[row]
    this.ends++
    this.lastEndOfRun.set(run, this.now)
    // The last of a run's stays ends the run, unless it never ended; the others were evictions by the old scheduler.
    const isLast = ENDS[runs.end[run]] !== 'none' && this.lastStay[run] === row
    if (isLast) for (const observer of this.observers) observer.ended?.(task)
    if (recorded.machine[row] === NONE) this.cell.countUnknown(runs.class[run], -1)
    else this.cell.release(task)
    this.cell.tasks.remove(task)
    for (const observer of this.observers) observer.settled?.('recorded end', run)
  }

  private handleMachine(): void {
    const { machineEvents } = this.trace
    const event = this.machineEvent++
    const machine = machineEvents.machine[event]
    const kind = MACHINE_EVENTS[machineEvents.kind[event]]
    if (kind === 'remove') this.cell.remove(machine)
    else {
      this.cell.resize(machine, event)
      if (kind === 'add') this.cell.add(machine)
    }
    for (const observer of this.observers) observer.machineChanged?.(machine, kind)
  }

  /** When a run came: after an eviction its predecessor may have ended while it waited, so that end is where its last stay would have ended. */
  private arrivalOf(run: number): number {
    const { runs } = this.trace
    const before = runs.previous[run]
    if (runs.preplaced[run]) return this.trace.start
    if (before === NONE) return runs.arrival[run]
    const start = this.lastStartOfRun.get(before)
    // Of a run that comes after one that was never placed the record does not say how long it waited.
    if (start === undefined) return this.now
    const end = Number.isFinite(runs.runTime[before]) ? start + runs.runTime[before] : (this.lastEndOfRun.get(before) ?? this.now)
    return Math.min(this.now, end + runs.arrival[run])
  }
}

/** Infinity equals itself. */
function compare(a: number, b: number): number {
  return a === b ? 0 : a - b
}
