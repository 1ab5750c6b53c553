import type { Cell } from './cell.ts'
import { NONE } from './trace.ts'

/** Who must go from a machine so that a task of some class fits there. */
export class Victims {
  /** After `find`: the fewest that must go, lowest priority and latest placed first. */
  readonly list: number[] = []
  /** What the class may not evict although its priority is lower. */
  private readonly production: number
  private readonly cell: Cell
  private readonly short: Float64Array

  constructor(cell: Cell, production: number) {
    this.cell = cell
    this.production = production
    this.short = new Float64Array(cell.resources.length)
  }

  /** Whether evicting makes room here; `list` then says whom. */
  find(taskClass: number, machine: number): boolean {
    const { cell, list } = this
    list.length = 0
    if (!cell.present[machine] || !cell.allowsModel(taskClass, machine) || cell.holdsSibling(taskClass, machine)) return false
    // Where room is a plain sum, nothing need be tried out.
    const isSum = !cell.overcommit && cell.constraint === null && cell.trace.classes.devices[taskClass] === 0
    const fits = isSum ? this.bySum(taskClass, machine) : this.byTrial(taskClass, machine)
    return fits && list.length > 0
  }

  /** The class of the most important that `find` found. */
  get lastClass(): number {
    return this.cell.tasks.class[this.list[this.list.length - 1]]
  }

  /** Calls `ask` with those on the list gone. */
  without(machine: number, ask: () => number): number {
    const { cell } = this
    const { changes } = cell
    for (const victim of this.list) this.account(victim, machine, -1)
    const answer = ask()
    for (const victim of this.list) this.account(victim, machine, 1)
    // Nothing has changed after all.
    cell.changes = changes
    return answer
  }

  private bySum(taskClass: number, machine: number): boolean {
    const { cell, list, short } = this
    const { request, tasks } = cell
    const free = cell.free[cell.price[taskClass]]
    let missing = 0
    for (let r = 0; r < short.length; r++) {
      // A request of 0 fits whatever is there.
      short[r] = request[r][taskClass] > 0 ? request[r][taskClass] - free[r][machine] : Number.NEGATIVE_INFINITY
      if (short[r] > 0) missing++
    }
    for (
      let task = cell.firstTask[machine];
      missing > 0 && task !== NONE && this.isBelow(task, taskClass);
      task = tasks.nextOnMachine[task]
    ) {
      if (!this.mayEvict(taskClass, task)) continue
      list.push(task)
      const victim = tasks.class[task]
      for (let r = 0; r < short.length; r++) {
        const before = short[r]
        short[r] -= request[r][victim]
        if (before > 0 && short[r] <= 0) missing--
      }
    }
    if (missing > 0) return false
    // From the most important back: whoever need not go, stays.
    let kept = list.length
    for (let i = list.length - 1; i >= 0; i--) {
      const victim = tasks.class[list[i]]
      let mustGo = false
      for (let r = 0; r < short.length; r++) if (short[r] + request[r][victim] > 0) mustGo = true
      if (mustGo) list[--kept] = list[i]
      else for (let r = 0; r < short.length; r++) short[r] += request[r][victim]
    }
    list.splice(0, kept)
    return true
  }

  private byTrial(taskClass: number, machine: number): boolean {
    const { cell, list } = this
    const { changes, tasks } = cell
    let task = cell.firstTask[machine]
    while (!cell.fits(taskClass, machine) && task !== NONE && this.isBelow(task, taskClass)) {
      if (this.mayEvict(taskClass, task)) {
        this.account(task, machine, -1)
        list.push(task)
      }
      task = tasks.nextOnMachine[task]
    }
    const fits = cell.fits(taskClass, machine)
    let kept = list.length
    for (let i = list.length - 1; i >= 0; i--) {
      const victim = list[i]
      this.account(victim, machine, 1)
      if (fits && !cell.fits(taskClass, machine)) {
        this.account(victim, machine, -1)
        list[--kept] = victim
      }
    }
    list.splice(0, kept)
    for (const victim of list) this.account(victim, machine, 1)
    cell.changes = changes
    return fits
  }

  private account(task: number, machine: number, sign: 1 | -1): void {
    const { tasks } = this.cell
    this.cell.account(tasks.class[task], machine, tasks.devices[task], sign)
  }

  private isBelow(victim: number, taskClass: number): boolean {
    const { priority } = this.cell.trace.classes
    return priority[this.cell.tasks.class[victim]] < priority[taskClass]
  }

  private mayEvict(taskClass: number, victim: number): boolean {
    const { tier } = this.cell.trace.classes
    return this.production === NONE || tier[taskClass] !== this.production || tier[this.cell.tasks.class[victim]] !== this.production
  }
}
