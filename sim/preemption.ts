import type { Allocator } from './allocator.ts'
import type { Cell } from './cell.ts'
import { EvictableRoom } from './evictable-room.ts'
import { NONE } from './trace.ts'
import { Victims } from './victims.ts'

/** Who may be evicted for whom: nobody, or Borg's rule (lower priorities, but production never evicts production). */
export const PREEMPTIONS = ['none', 'borg'] as const
export type PreemptionRule = (typeof PREEMPTIONS)[number]

/** So many machines are looked at one by one sooner than by a tournament. */
const FEW = 32

/**
 * Finds the machine where evicting lower priorities makes room: the one whose highest victim priority is lowest, then with
 * the fewest victims, then the best score with the victims gone, then the tie-break. Borg (EuroSys 2015), section 3.2; the
 * order of the criteria and the giving back of needless victims are ours.
 */
export class Preemption {
  /** Victims on the chosen machine after `choose`, in the order in which they go. */
  readonly victims: number[] = []
  private readonly trial: Victims
  private readonly room: EvictableRoom | null
  private readonly best: Int32Array
  private readonly request: Float64Array
  private readonly production: number
  /** All priorities of the trace, lowest first. */
  private readonly priorities: readonly number[]
  private readonly cell: Cell
  private readonly allocator: Allocator
  private highest = 0
  private fewest = 0
  private score = 0
  private ties = 0

  constructor(cell: Cell, allocator: Allocator) {
    this.cell = cell
    this.allocator = allocator
    this.best = new Int32Array(cell.machines)
    this.request = new Float64Array(cell.resources.length)
    this.production = cell.trace.tiers.indexOf('production')
    this.priorities = [...new Set(cell.trace.classes.priority)].sort((a, b) => a - b)
    this.trial = new Victims(cell, this.production)
    this.room = cell.overcommit ? null : new EvictableRoom(cell, this.production)
  }

  /** The machine to make room on, or NONE; then `victims` says who goes. Looks at machines that gained room after `since`. */
  choose(taskClass: number, since: number): number {
    const { cell } = this
    this.highest = Number.POSITIVE_INFINITY
    this.ties = 0
    if (this.room !== null && cell.gains - since > Math.min(FEW, cell.machines >> 1)) this.considerByLevel(taskClass, this.room)
    else
      for (let m = cell.latestGain; m !== NONE && cell.gainedAt[m] > since; m = cell.earlierGain[m]) this.consider(taskClass, m)
    if (this.ties === 0) return NONE
    const machine = this.allocator.breakTie(this.best, this.ties)
    this.trial.find(taskClass, machine)
    this.victims.length = 0
    this.victims.push(...this.trial.list)
    return machine
  }

  /** Takes the lowest highest priority of victims with which any machine has room; machines that gained none are no different from before. */
  private considerByLevel(taskClass: number, room: EvictableRoom): void {
    const { cell, request } = this
    const { priority, tier } = cell.trace.classes
    const sparesProduction = this.production !== NONE && tier[taskClass] === this.production
    cell.readRequest(taskClass, request)
    for (const level of this.priorities) {
      if (level >= priority[taskClass]) return
      const tree = room.upTo(level, sparesProduction)
      for (let m = tree.next(0, request); m !== NONE; m = tree.next(m + 1, request)) this.consider(taskClass, m)
      if (this.ties > 0) return
    }
  }

  /** Takes the machine into `best` if none is better. */
  private consider(taskClass: number, machine: number): void {
    const { trial } = this
    this.allocator.look(1)
    if (!trial.find(taskClass, machine)) return
    const { highest } = trial
    const count = trial.list.length
    if (highest > this.highest || (highest === this.highest && count > this.fewest)) return
    const score = trial.without(machine, () => this.allocator.score(taskClass, machine))
    if (highest === this.highest && count === this.fewest) {
      if (score < this.score) return
      if (score > this.score) this.ties = 0
    } else this.ties = 0
    this.highest = highest
    this.fewest = count
    this.score = score
    this.best[this.ties++] = machine
  }
}
