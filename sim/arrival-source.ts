import { EventQueue, KINDS } from './event-queue.ts'
import { NONE, type Trace, type Workload } from './trace.ts'

/** One run that comes to the cell; the same object each time. */
export interface Arrival {
  time: number
  run: number
  class: number
  job: number
  /** Microseconds; Infinity: never ends. */
  runTime: number
  /** Index into ENDS. */
  end: number
  /** Whether the source is to be told when it ends, because more will follow. */
  followed: boolean
  /** Of a run that was in the cell at the opening: its machine, or NONE. */
  machine: number
}

/** Where runs come from. It is told of the ends that it waits for, so that it can answer with more. */
export interface ArrivalSource {
  /** Time and sequence of the next arrival; time is Infinity when none is known yet. */
  readonly nextTime: number
  readonly nextSequence: number
  /** Writes the next run that was in the cell at the opening; false when there are no more. Asked before anything else. */
  takeOpening(into: Arrival): boolean
  /** Writes the next arrival and goes on to the one after. */
  take(into: Arrival): void
  /** A run that is followed has ended. */
  ended(run: number, time: number): void
  /** This run will never be placed: how many runs of its task, itself included, will never end. */
  forsake(run: number): number
}

/** A workload whose runs are drawn as they come. */
export interface Stream {
  readonly workload: Workload
  /** The runs from the first, each time it is called. */
  source(): ArrivalSource
}

/** The runs of a trace: first runs in the order of (arrival, row), later runs their recorded gap after the one before. */
export class TraceSource implements ArrivalSource {
  private readonly trace: Trace
  private readonly firsts: Int32Array
  private cursor = 0
  private openingCursor = 0
  private readonly reruns = new EventQueue()

  constructor(trace: Trace) {
    this.trace = trace
    const { runs } = trace
    const firsts: number[] = []
    for (let run = 0; run < runs.count; run++) if (runs.previous[run] === NONE && !runs.preplaced[run]) firsts.push(run)
    this.firsts = Int32Array.from(firsts).sort((a, b) => runs.arrival[a] - runs.arrival[b] || a - b)
  }

  get nextTime(): number {
    return Math.min(this.firstTime, this.reruns.firstTime)
  }

  get nextSequence(): number {
    return this.rerunIsNext() ? this.reruns.firstSequence : this.firsts[this.cursor]
  }

  take(into: Arrival): void {
    const time = this.nextTime
    let run: number
    if (this.rerunIsNext()) {
      run = this.reruns.firstPayload
      this.reruns.pop()
    } else run = this.firsts[this.cursor++]
    this.write(run, time, into)
  }

  takeOpening(into: Arrival): boolean {
    const { runs, start } = this.trace
    while (this.openingCursor < runs.count && !runs.preplaced[this.openingCursor]) this.openingCursor++
    if (this.openingCursor === runs.count) return false
    this.write(this.openingCursor++, start, into)
    return true
  }

  forsake(first: number): number {
    const { next } = this.trace.runs
    let count = 0
    for (let run = first; run !== NONE; run = next[run]) count++
    return count
  }

  private write(run: number, time: number, into: Arrival): void {
    const { runs, tasks } = this.trace
    into.time = time
    into.run = run
    into.class = runs.class[run]
    into.job = tasks.job[runs.task[run]]
    into.runTime = runs.runTime[run]
    into.end = runs.end[run]
    into.machine = runs.machine[run]
    const next = runs.next[run]
    // A run that was in the cell at the opening is not to come again.
    into.followed = next !== NONE && !runs.preplaced[next]
  }

  ended(run: number, time: number): void {
    const next = this.trace.runs.next[run]
    this.reruns.push(time + this.trace.runs.arrival[next], KINDS.arrival, next, next)
  }

  private get firstTime(): number {
    return this.cursor < this.firsts.length ? this.trace.runs.arrival[this.firsts[this.cursor]] : Number.POSITIVE_INFINITY
  }

  private rerunIsNext(): boolean {
    const { firstTime } = this
    if (this.reruns.firstTime !== firstTime) return this.reruns.firstTime < firstTime
    return this.cursor >= this.firsts.length || this.reruns.firstSequence < this.firsts[this.cursor]
  }
}
