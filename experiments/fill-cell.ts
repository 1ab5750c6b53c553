import { defaultProfile, FRAGMENT_CAUSES, Fragmentation, kubeConstraint, overcommitPolicies, parsePacking } from '../policies/index.ts'
import { Allocator, Cell, NONE, randomStream, type Tie, type Trace } from '../sim/index.ts'
import { fillOrder } from './fill-order.ts'

export interface FillOptions {
  readonly packing: string
  readonly tie: Tie
  readonly scoreStep: number
  readonly seed: number
  /** The resource whose requests are counted: `gpu`, or another of the trace. */
  readonly resource: string
  /** Stop when requests come to this share of the cell's capacity. */
  readonly to: number
}

/** What was so when the requests submitted had come to 0, 1, 2 … percent of the cell; each entry the mean over its percent. */
export interface FillCurve {
  /** Percent of the cell's capacity that placed tasks requested. */
  readonly allocated: readonly number[]
  /** Free GPU that typical tasks cannot use, as percent of what is free and of the whole cell. Empty unless GPUs are counted. */
  readonly fragmentationRatio: readonly number[]
  readonly fragmentation: readonly number[]
  /** The last by cause, in the order of FRAGMENT_CAUSES. */
  readonly byCause: readonly (readonly number[])[]
  /** Tasks without room so far, at the end of the percent. */
  readonly failed: readonly number[]
}

/**
 * Submits tasks one by one, regardless of time, until the cell is over-full: nothing leaves, and what finds no room is dropped.
 * Weng et al. (ATC '23), section 6.1 and artifact.
 */
export function fillCell(trace: Trace, { packing, tie, scoreStep, seed, resource, to }: FillOptions): FillCurve {
  const { policy, parameters } = parsePacking(packing)
  const cell = new Cell(trace, overcommitPolicies.none, {}, kubeConstraint(defaultProfile))
  const allocator = new Allocator(cell, policy, parameters, { tie, scoreStep, seed })
  const column = cell.resources.indexOf(resource)
  const request = cell.request[column]
  const whole = cell.totalCapacity[column]
  const percents = Math.round(to * 100)
  const curve = new Curve(percents, resource === 'gpu' ? new Fragments(cell) : null)
  let asked = 0
  let failed = 0
  for (const taskClass of fillOrder(trace, cell.resourceRows[column], to * whole, seed)) {
    asked += request[taskClass]
    const machine = allocator.choose(taskClass)
    if (machine === NONE) failed++
    else {
      curve.fragments?.count(machine, -1)
      cell.place(cell.tasks.add(NONE, taskClass, NONE, 0), machine, allocator.devices(taskClass, machine))
      curve.fragments?.count(machine, 1)
    }
    curve.report(Math.min(percents, Math.round((100 * asked) / whole)), cell.totalUsed[column], whole, failed)
  }
  return curve.done()
}

/** The fragmentation of the whole cell, kept up machine by machine. */
class Fragments {
  /** Milli-GPU by cause. */
  readonly byCause = new Float64Array(FRAGMENT_CAUSES.length)
  private readonly fragmentation: Fragmentation
  private readonly machine: ReturnType<Fragmentation['blank']>

  constructor(cell: Cell) {
    this.fragmentation = new Fragmentation(cell.view(0, randomStream(0, 'fragments')))
    this.machine = this.fragmentation.blank()
    for (let m = 0; m < cell.machines; m++) this.count(m, 1)
  }

  get tasks(): number {
    return this.fragmentation.tasks
  }

  /** Takes a machine out of the sums before it changes (−1), and puts it back after (+1). */
  count(machine: number, sign: 1 | -1): void {
    this.fragmentation.read(machine, this.machine)
    this.fragmentation.addByCause(this.machine, this.byCause, sign)
  }
}

/** Sums reports by percent. */
class Curve {
  readonly fragments: Fragments | null
  private readonly reports: Float64Array
  private readonly allocated: Float64Array
  private readonly ratio: Float64Array
  private readonly byCause: readonly Float64Array[]
  private readonly failed: Int32Array

  constructor(percents: number, fragments: Fragments | null) {
    this.fragments = fragments
    const zeros = () => new Float64Array(percents + 1)
    this.reports = zeros()
    this.allocated = zeros()
    this.ratio = zeros()
    this.byCause = fragments ? FRAGMENT_CAUSES.map(zeros) : []
    this.failed = new Int32Array(percents + 1)
  }

  report(percent: number, used: number, whole: number, failed: number): void {
    this.reports[percent]++
    this.allocated[percent] += (100 * used) / whole
    this.failed[percent] = failed
    if (!this.fragments) return
    const { byCause, tasks } = this.fragments
    let amount = 0
    for (let cause = 0; cause < byCause.length; cause++) {
      amount += byCause[cause]
      this.byCause[cause][percent] += (100 * byCause[cause]) / tasks / whole
    }
    this.ratio[percent] += used < whole ? (100 * amount) / tasks / (whole - used) : 0
  }

  done(): FillCurve {
    const byCause = this.byCause.map((column) => this.means(column))
    return {
      allocated: this.means(this.allocated),
      fragmentationRatio: this.fragments ? this.means(this.ratio) : [],
      fragmentation: byCause.length > 0 ? byCause[0].map((_, x) => byCause.reduce((sum, cause) => sum + cause[x], 0)) : [],
      byCause,
      failed: Array.from(this.failed, (_, x) => this.failed[this.lastReported(x)] ?? 0),
    }
  }

  /** The mean of each percent; one that no report fell into is as the one before it. */
  private means(sums: Float64Array): number[] {
    return Array.from(sums, (_, x) => {
      const last = this.lastReported(x)
      return last < 0 ? 0 : sums[last] / this.reports[last]
    })
  }

  private lastReported(percent: number): number {
    let last = percent
    while (last >= 0 && this.reports[last] === 0) last--
    return last
  }
}
