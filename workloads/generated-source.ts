import { type Arrival, type ArrivalSource, EventQueue, KINDS, NONE } from '../sim/index.ts'
import type { GeneratedRun } from './generated-run.ts'

/** A run of a task that comes again: it waits for the end of the one before. */
interface LaterRun {
  readonly run: number
  readonly gap: number
  readonly class: number
  readonly job: number
  readonly runTime: number
  readonly end: number
  /** Whether another comes after it. */
  followed: boolean
}

/** Runs of a generated workload as they are drawn, one ahead of the simulation; a row is a run's number in the order of drawing. */
export class GeneratedSource implements ArrivalSource {
  /** By the row of the run before it: runs that come when that one has ended. */
  private readonly later = new Map<number, LaterRun>()
  /** By row: those whose predecessor has ended, until they come. */
  private readonly coming = new Map<number, LaterRun>()
  private readonly reruns = new EventQueue()
  private readonly draws: Iterator<Readonly<GeneratedRun>, void, undefined>
  private readonly classOfJob: Int32Array
  /** The next first run, as drawn; its row. */
  private next: Readonly<GeneratedRun> | undefined
  private row = NONE
  /** Rows so far. */
  private drawn = 0

  /** `classOfJob`: the class of each job's tasks, as a row of the workload's classes. */
  constructor(draws: Iterator<Readonly<GeneratedRun>, void, undefined>, classOfJob: Int32Array) {
    this.draws = draws
    this.classOfJob = classOfJob
    this.draw()
  }

  get nextTime(): number {
    return Math.min(this.firstTime, this.reruns.firstTime)
  }

  get nextSequence(): number {
    return this.rerunIsNext() ? this.reruns.firstSequence : this.row
  }

  takeOpening(into: Arrival): boolean {
    if (!this.next?.preplaced) return false
    this.takeFirst(0, into)
    return true
  }

  take(into: Arrival): void {
    if (!this.rerunIsNext()) {
      this.takeFirst(this.firstTime, into)
      return
    }
    const row = this.reruns.firstPayload
    into.time = this.reruns.firstTime
    this.reruns.pop()
    const known = this.coming.get(row)
    if (!known) throw new Error(`run ${row} is not due`)
    this.coming.delete(row)
    into.run = row
    into.class = known.class
    into.job = known.job
    into.runTime = known.runTime
    into.end = known.end
    into.followed = known.followed
    into.machine = NONE
  }

  ended(run: number, time: number): void {
    const later = this.later.get(run)
    if (!later) throw new Error(`run ${run} is not followed`)
    this.later.delete(run)
    this.coming.set(later.run, later)
    this.reruns.push(time + later.gap, KINDS.arrival, later.run, later.run)
  }

  forsake(first: number): number {
    let count = 1
    for (let run = first; this.later.delete(run); run++) count++
    return count
  }

  private get firstTime(): number {
    return this.next ? this.next.time : Number.POSITIVE_INFINITY
  }

  private rerunIsNext(): boolean {
    const { firstTime } = this
    if (this.reruns.firstTime !== firstTime) return this.reruns.firstTime < firstTime
    return this.next === undefined || this.reruns.firstSequence < this.row
  }

  private takeFirst(time: number, into: Arrival): void {
    const { next } = this
    if (!next) throw new Error('no run is left')
    into.time = time
    into.run = this.row
    into.class = this.classOfJob[next.job]
    into.job = next.job
    into.runTime = next.runTime
    into.end = next.end
    into.machine = NONE
    into.followed = this.draw()
  }

  /** Goes on to the next first run; what comes again in between waits for its predecessor. Whether the run before was followed by such. */
  private draw(): boolean {
    let before: LaterRun | undefined
    for (;;) {
      const { value } = this.draws.next()
      this.next = value || undefined
      this.row = this.drawn++
      if (!value?.again) return before !== undefined
      const { time: gap, job, runTime, end } = value
      const later = { run: this.row, gap, class: this.classOfJob[job], job, runTime, end, followed: false }
      if (before) before.followed = true
      this.later.set(this.row - 1, later)
      before = later
    }
  }
}
