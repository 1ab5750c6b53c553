import { CellPainter } from './cell-painter.ts'
import type { Measured } from './measured.ts'
import type { EvictionCause, Observer } from './observer.ts'
import type { RunResult, Utilisation } from './run-result.ts'
import { Sample } from './sample.ts'
import { SECOND } from './second.ts'
import { SeriesRecorder } from './series-recorder.ts'
import { STATES } from './task-rows.ts'
import { ENDS } from './trace.ts'

/** Run times below this are taken as this in the slowdown (Feitelson's bounded slowdown, 10 s). */
const SLOWDOWN_BOUND = 10 * SECOND

export interface MeasureOptions {
  /** Microseconds from the opening that are left out of means, waits and evictions. */
  readonly warmUp: number
  /** Whether to keep how full every machine was at a few instants. */
  readonly picture: boolean
}

/** Measures one run as an observer; `result` once it has closed. */
export class Measures implements Observer {
  private readonly waitsByTier: readonly Sample[]
  private readonly allWaits = new Sample(0)
  private readonly waitsAfterEviction = new Sample(0)
  private readonly slowdowns = new Sample(1)
  private readonly evictions: readonly Record<EvictionCause, number>[]
  private readonly allocatedIntegral: Float64Array
  private readonly capacityIntegral: Float64Array
  private readonly series: SeriesRecorder
  private readonly painter: CellPainter | null
  private readonly ends = new Float64Array(ENDS.length)
  private readonly jobs = { admitted: 0, held: 0, rejected: 0 }
  private readonly rejectedBy = new Map<string, number>()
  private readonly shortBy = new Map<string, number>()
  private placedCount = 0
  private neverPlaceableCount = 0
  private workLost = 0
  private overfull = 0
  private lastEnd: number
  private readonly from: number
  private readonly run: Measured

  constructor(run: Measured, options: MeasureOptions) {
    this.run = run
    const { trace, cell } = run
    this.from = trace.start + options.warmUp
    this.lastEnd = trace.start
    this.waitsByTier = trace.tiers.map(() => new Sample(0))
    this.evictions = trace.tiers.map(() => ({ preempted: 0, 'machine removed': 0, 'machine shrunk': 0 }))
    this.allocatedIntegral = new Float64Array(cell.resources.length)
    this.capacityIntegral = new Float64Array(cell.resources.length)
    this.series = new SeriesRecorder(run)
    this.painter = options.picture ? new CellPainter(cell, trace) : null
  }

  advanced(from: number, to: number): void {
    const { cell } = this.run
    this.series.advanced(from, to)
    this.painter?.advanced(from, to)
    const duration = to - Math.max(from, this.from)
    if (duration <= 0) return
    for (let r = 0; r < this.allocatedIntegral.length; r++) {
      this.allocatedIntegral[r] += cell.totalUsed[r] * duration
      this.capacityIntegral[r] += cell.totalCapacity[r] * duration
    }
    this.overfull += cell.overfull * duration
  }

  neverPlaceable(task: number): void {
    this.neverPlaceableCount++
    for (const short of this.run.placeable.shortOf(this.run.cell.tasks.class[task]))
      this.shortBy.set(short, (this.shortBy.get(short) ?? 0) + 1)
  }

  held(): void {
    this.jobs.held++
  }

  admitted(): void {
    this.jobs.admitted++
  }

  rejected(_job: number, reason: string): void {
    this.jobs.rejected++
    this.rejectedBy.set(reason, (this.rejectedBy.get(reason) ?? 0) + 1)
  }

  placed(task: number): void {
    const { tasks } = this.run.cell
    const wait = (this.run.now - tasks.waitingSince[task]) / SECOND
    if (tasks.placedBefore[task]) {
      if (tasks.waitingSince[task] >= this.from) this.waitsAfterEviction.add(wait)
      return
    }
    this.placedCount++
    if (tasks.arrival[task] < this.from) return
    this.waitsByTier[this.tier(task)].add(wait)
    this.allWaits.add(wait)
  }

  evicted(task: number, cause: EvictionCause): void {
    if (this.run.now < this.from) return
    this.evictions[this.tier(task)][cause]++
    this.workLost += this.run.now - this.run.cell.tasks.placedAt[task]
  }

  ended(task: number): void {
    const { tasks } = this.run.cell
    this.ends[tasks.end[task]]++
    this.lastEnd = this.run.now
    if (tasks.arrival[task] < this.from) return
    this.slowdowns.add(Math.max(1, (this.run.now - tasks.arrival[task]) / Math.max(SLOWDOWN_BOUND, tasks.runTime[task])))
  }

  closed(): void {
    this.series.close()
    this.painter?.close()
  }

  result(): RunResult {
    const { trace, cell } = this.run
    const { tasks } = cell
    const waitingFirst = trace.tiers.map(() => 0)
    const waitedSoFar = trace.tiers.map(() => 0)
    let waitedAgain = 0
    let waitingAgain = 0
    let pending = 0
    let running = 0
    let notEnded = 0
    for (let task = 0; task < tasks.count; task++) {
      const isAlive = tasks.state[task] !== STATES.gone
      if (isAlive && tasks.arrival[task] >= this.from) notEnded++
      if (tasks.state[task] === STATES.running) running++
      if (tasks.state[task] !== STATES.waiting && tasks.state[task] !== STATES.held) continue
      pending++
      const soFar = (this.run.now - tasks.waitingSince[task]) / SECOND
      if (tasks.placedBefore[task]) {
        if (tasks.waitingSince[task] < this.from) continue
        waitingAgain++
        waitedAgain += soFar
      } else if (tasks.arrival[task] >= this.from) {
        waitingFirst[this.tier(task)]++
        waitedSoFar[this.tier(task)] += soFar
      }
    }
    const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)
    return {
      machines: trace.machines.count,
      jobs: trace.jobs.count,
      tasks: trace.tasks.count,
      runs: trace.runs.count,
      placed: this.placedCount,
      neverPlaceable: this.neverPlaceableCount,
      neverPlaceableBy: sorted(this.shortBy),
      pending,
      running,
      ended: { finish: this.ends[0], fail: this.ends[1], kill: this.ends[2] },
      admission: this.jobs,
      rejectedBy: sorted(this.rejectedBy),
      evictions: Object.fromEntries(trace.tiers.map((tier, row) => [tier, this.evictions[row]])),
      workLost: this.workLost / SECOND,
      utilisation: Object.fromEntries(cell.resources.map((name, r) => [name, this.utilisation(name, r)])),
      overfull: this.overfull / SECOND,
      wait: {
        all: this.allWaits.distribution(sum(waitingFirst), sum(waitedSoFar)),
        ...Object.fromEntries(
          trace.tiers.map((tier, row) => [tier, this.waitsByTier[row].distribution(waitingFirst[row], waitedSoFar[row])]),
        ),
      },
      waitAfterEviction: this.waitsAfterEviction.distribution(waitingAgain, waitedAgain),
      slowdown: this.slowdowns.distribution(notEnded),
      makespan: (this.lastEnd - trace.start) / SECOND,
      series: this.series.result(),
      picture: this.painter?.result() ?? null,
    }
  }

  private utilisation(name: string, r: number): Utilisation {
    const { allocated, stranded, first } = this.series.after(name, this.from)
    return {
      allocated: this.capacityIntegral[r] > 0 ? this.allocatedIntegral[r] / this.capacityIntegral[r] : 0,
      peak: Math.max(0, ...allocated.slice(first)),
      stranded: stranded.slice(first).reduce((sum, share) => sum + share, 0) / Math.max(1, stranded.length - first),
    }
  }

  private tier(task: number): number {
    return this.run.trace.classes.tier[this.run.cell.tasks.class[task]]
  }
}

function sorted(counts: ReadonlyMap<string, number>): Record<string, number> {
  return Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1)))
}
