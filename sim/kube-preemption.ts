import type { Allocator } from './allocator.ts'
import type { Cell } from './cell.ts'
import { NONE, type Trace } from './trace.ts'

/** Room made on one machine, and what it costs. */
export interface Eviction {
  readonly machine: number
  /** Task rows, the most important first. */
  readonly victims: readonly number[]
  /** Victims whose budget allows no further eviction. */
  readonly violations: number
}

/**
 * kube-scheduler's DefaultPreemption. On each machine where it could help, all tasks of lower priority go in thought; then,
 * those beyond their budget first and the more important first, each that fits beside comes back. Of the machines: the fewest
 * violations of budgets, the lowest highest priority of a victim, the lowest sum of priorities, the fewest victims, the
 * latest start of the earliest among the victims of highest priority, the tie-break. Every machine is looked at;
 * kube-scheduler looks at no more than a tenth of them, or 100.
 */
export class KubePreemption {
  /** Victims on the chosen machine after `choose`, in the order in which they go. */
  readonly victims: number[] = []
  private readonly best: Int32Array
  private readonly placedAtOpening: readonly number[]
  private readonly cell: Cell
  private readonly allocator: Allocator

  constructor(cell: Cell, allocator: Allocator) {
    this.cell = cell
    this.allocator = allocator
    this.best = new Int32Array(cell.machines)
    const { budgets } = cell.trace
    // A workload that is drawn has none.
    const { runs } = cell.trace as Trace
    this.placedAtOpening = budgets.map(({ tasks }) => {
      let count = 0
      for (let run = 0; run < runs.count; run++) if (runs.preplaced[run] && cell.census?.matches(tasks, runs.class[run])) count++
      return count
    })
  }

  /** The machine to make room on, or NONE; then `victims` says who goes. */
  choose(taskClass: number): number {
    const best = this.cheapest(this.evictions(taskClass))
    if (best.length === 0) return NONE
    this.best.set(best.map(({ machine }) => machine))
    const machine = this.allocator.breakTie(this.best, best.length)
    this.victims.length = 0
    this.victims.push(...(best.find((eviction) => eviction.machine === machine)?.victims ?? []))
    return machine
  }

  /** Never ruled out: budgets and rules beyond room count too. */
  mayHaveGained(): boolean {
    return true
  }

  /** All machines where evicting makes room for a task of this class, in row order. */
  evictions(taskClass: number): readonly Eviction[] {
    const { cell } = this
    if (cell.census && !cell.census.classes[taskClass].preempts) return []
    const allowed = cell.trace.budgets.map(({ allowed: atOpening }, b) => atOpening + this.placed(b) - this.placedAtOpening[b])
    const found: Eviction[] = []
    for (let machine = 0; machine < cell.machines; machine++) {
      if (!this.couldHelp(taskClass, machine)) continue
      this.allocator.look(1)
      const eviction = this.evict(taskClass, machine, allowed)
      if (eviction) found.push(eviction)
    }
    return found
  }

  /** Those that none of the others beats by the five criteria. */
  cheapest(evictions: readonly Eviction[]): readonly Eviction[] {
    let left = evictions
    for (const cost of [
      ({ violations }: Eviction) => violations,
      ({ victims }: Eviction) => this.priority(victims[0]),
      ({ victims }: Eviction) => victims.reduce((sum, victim) => sum + this.priority(victim) + LIFT, 0),
      ({ victims }: Eviction) => victims.length,
      ({ victims }: Eviction) => -this.firstStart(victims),
    ]) {
      const least = left.reduce((lowest, eviction) => Math.min(lowest, cost(eviction)), Number.POSITIVE_INFINITY)
      left = left.filter((eviction) => cost(eviction) === least)
    }
    return left
  }

  /** Whether what keeps the class off could go with the tasks there: not what the machine is, nor more than all its room. */
  couldHelp(taskClass: number, machine: number): boolean {
    const { cell } = this
    if (!cell.present[machine] || !cell.allowsModel(taskClass, machine)) return false
    for (let r = 0; r < cell.capacity.length; r++) if (cell.request[r][taskClass] > cell.capacity[r][machine]) return false
    return cell.constraint === null || cell.constraint.mayOpen(taskClass, machine)
  }

  private evict(taskClass: number, machine: number, allowed: readonly number[]): Eviction | null {
    const { cell } = this
    const candidates = this.lessImportant(taskClass, machine)
    if (candidates.length === 0) return null
    for (const task of candidates) this.move(task, machine, -1)
    const fits = cell.fits(taskClass, machine)
    const victims: number[] = []
    let violations = 0
    if (fits) {
      const { beyond, within } = this.byBudget(candidates, allowed)
      for (const task of beyond) if (this.isNeeded(taskClass, machine, task)) violations += victims.push(task) > 0 ? 1 : 0
      for (const task of within) if (this.isNeeded(taskClass, machine, task)) victims.push(task)
      for (const task of victims) this.move(task, machine, 1)
    } else for (const task of candidates) this.move(task, machine, 1)
    if (!fits || victims.length === 0) return null
    return { machine, victims: victims.sort((a, b) => this.moreImportantFirst(a, b)), violations }
  }

  /** Brings the task back, unless the other then fits no more. */
  private isNeeded(taskClass: number, machine: number, task: number): boolean {
    this.move(task, machine, 1)
    if (this.cell.fits(taskClass, machine)) return false
    this.move(task, machine, -1)
    return true
  }

  private move(task: number, machine: number, sign: 1 | -1): void {
    const { tasks } = this.cell
    this.cell.account(tasks.class[task], machine, tasks.devices[task], sign)
  }

  /** Tasks on the machine of lower priority, the most important first. */
  private lessImportant(taskClass: number, machine: number): readonly number[] {
    const { tasks, firstTask, trace } = this.cell
    const found: number[] = []
    const mine = trace.classes.priority[taskClass]
    for (let task = firstTask[machine]; task !== NONE; task = tasks.nextOnMachine[task]) if (this.priority(task) < mine) found.push(task)
    return found.sort((a, b) => this.moreImportantFirst(a, b))
  }

  private byBudget(candidates: readonly number[], allowed: readonly number[]) {
    const { census, trace, tasks } = this.cell
    const left = [...allowed]
    const beyond: number[] = []
    const within: number[] = []
    for (const task of candidates) {
      let violates = false
      for (const [b, budget] of trace.budgets.entries()) {
        if (!census?.matches(budget.tasks, tasks.class[task])) continue
        left[b]--
        if (left[b] < 0) violates = true
      }
      ;(violates ? beyond : within).push(task)
    }
    return { beyond, within }
  }

  private placed(budget: number): number {
    const { census, trace } = this.cell
    let count = 0
    for (const taskClass of census?.placedClasses ?? []) {
      if (!census?.matches(trace.budgets[budget].tasks, taskClass)) continue
      for (const on of census.machinesOf(taskClass).values()) count += on
    }
    return count
  }

  /** Higher priorities, then those placed earlier. */
  private moreImportantFirst(a: number, b: number): number {
    return this.priority(b) - this.priority(a) || this.cell.tasks.placing[a] - this.cell.tasks.placing[b]
  }

  private firstStart(victims: readonly number[]): number {
    const highest = this.priority(victims[0])
    return Math.min(...victims.filter((task) => this.priority(task) === highest).map((task) => this.cell.tasks.placing[task]))
  }

  private priority(task: number): number {
    return this.cell.trace.classes.priority[this.cell.tasks.class[task]]
  }
}

/** Added to each victim's priority, so that sums of negative ones still grow with every victim. */
const LIFT = 2 ** 31
