import type { Allocator } from './allocator.ts'
import type { Cell } from './cell.ts'
import { NONE } from './trace.ts'

/** Who may be evicted for whom: nobody, or Borg's rule (lower priorities, but production never evicts production). */
export const PREEMPTIONS = ['none', 'borg'] as const
export type PreemptionRule = (typeof PREEMPTIONS)[number]

/**
 * Finds the machine where evicting lower priorities makes room: the one whose highest victim priority is lowest, then with
 * the fewest victims, then the best score with the victims gone, then the tie-break. Borg (EuroSys 2015), section 3.2; the
 * order of the criteria and the giving back of needless victims are ours.
 */
export class Preemption {
  /** Victims on the chosen machine after `choose`, in the order in which they go. */
  readonly victims: number[] = []
  private readonly trial: number[] = []
  private readonly best: Int32Array
  private readonly production: number
  private readonly cell: Cell
  private readonly allocator: Allocator

  constructor(cell: Cell, allocator: Allocator) {
    this.cell = cell
    this.allocator = allocator
    this.best = new Int32Array(cell.machines)
    this.production = cell.trace.tiers.indexOf('production')
  }

  /** The machine to make room on, or NONE; then `victims` says who goes. Looks at machines that gained room after `since`. */
  choose(taskClass: number, since: number): number {
    const { cell } = this
    const machines: number[] = []
    for (let m = cell.latestGain; m !== NONE && cell.gainedAt[m] > since; m = cell.earlierGain[m]) machines.push(m)
    machines.sort((a, b) => a - b)
    let highest = Number.POSITIVE_INFINITY
    let fewest = 0
    let score = 0
    let ties = 0
    for (const machine of machines) {
      this.allocator.look(1)
      if (!this.findVictims(taskClass, machine)) continue
      const priority = this.priority(this.trial[this.trial.length - 1])
      const count = this.trial.length
      if (priority > highest || (priority === highest && count > fewest)) continue
      const trialScore = this.scoreWithout(taskClass, machine)
      if (priority === highest && count === fewest) {
        if (trialScore < score) continue
        if (trialScore > score) ties = 0
      } else ties = 0
      highest = priority
      fewest = count
      score = trialScore
      this.best[ties++] = machine
    }
    if (ties === 0) return NONE
    const machine = this.allocator.breakTie(this.best, ties)
    this.findVictims(taskClass, machine)
    this.victims.length = 0
    this.victims.push(...this.trial)
    return machine
  }

  /** Whether evicting makes room here; `trial` then holds the fewest that must go, lowest priority and latest placed first. */
  private findVictims(taskClass: number, machine: number): boolean {
    const { cell, trial } = this
    const { tasks } = cell
    trial.length = 0
    if (!cell.present[machine] || !cell.allowsModel(taskClass, machine) || cell.holdsSibling(taskClass, machine)) return false
    const { priority } = cell.trace.classes
    let task = cell.firstTask[machine]
    while (!cell.fits(taskClass, machine) && task !== NONE && priority[tasks.class[task]] < priority[taskClass]) {
      if (this.mayEvict(taskClass, task)) {
        cell.account(tasks.class[task], machine, tasks.devices[task], -1)
        trial.push(task)
      }
      task = tasks.nextOnMachine[task]
    }
    const fits = cell.fits(taskClass, machine)
    let kept = trial.length
    // From the most important back: whoever need not go, stays.
    for (let i = trial.length - 1; i >= 0; i--) {
      const victim = trial[i]
      cell.account(tasks.class[victim], machine, tasks.devices[victim], 1)
      if (fits && !cell.fits(taskClass, machine)) {
        cell.account(tasks.class[victim], machine, tasks.devices[victim], -1)
        trial[--kept] = victim
      }
    }
    trial.splice(0, kept)
    for (const victim of trial) cell.account(tasks.class[victim], machine, tasks.devices[victim], 1)
    return fits && trial.length > 0
  }

  private scoreWithout(taskClass: number, machine: number): number {
    const { cell, trial } = this
    const { tasks } = cell
    for (const victim of trial) cell.account(tasks.class[victim], machine, tasks.devices[victim], -1)
    const score = this.allocator.score(taskClass, machine)
    for (const victim of trial) cell.account(tasks.class[victim], machine, tasks.devices[victim], 1)
    return score
  }

  private mayEvict(taskClass: number, victim: number): boolean {
    const { tier } = this.cell.trace.classes
    return this.production === NONE || tier[taskClass] !== this.production || tier[this.cell.tasks.class[victim]] !== this.production
  }

  private priority(task: number): number {
    return this.cell.trace.classes.priority[this.cell.tasks.class[task]]
  }
}
