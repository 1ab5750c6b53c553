import type { Allocator } from './allocator.ts'
import type { Cell } from './cell.ts'
import { EvictableRoom } from './evictable-room.ts'
import { EvictableSums } from './evictable-sums.ts'
import { Evictions, UNSCORED } from './evictions.ts'
import { NONE } from './trace.ts'
import { Victims } from './victims.ts'

/** Who may be evicted for whom: nobody, by Borg's rule (lower priorities, but production never evicts production), or by kube-scheduler's. */
export const PREEMPTIONS = ['none', 'borg', 'kube'] as const
export type PreemptionRule = (typeof PREEMPTIONS)[number]

/** So many machines are looked at one by one sooner than by a tournament. */
const FEW = 32
/** Classes whose evictions are remembered. */
const CLASSES_KEPT = 32

/**
 * Finds the machine where evicting lower priorities makes room: the one whose highest victim priority is lowest, then with
 * the fewest victims, then the best score with the victims gone, then the tie-break. Borg (EuroSys 2015), section 3.2; the
 * order of the criteria and the giving back of needless victims are ours.
 */
export class Preemption {
  /** Victims on the chosen machine after `choose`, in the order in which they go. */
  readonly victims: number[] = []
  private readonly trial: Victims
  /** Null where room is no plain sum. */
  private readonly room: EvictableRoom | null
  private readonly best: Int32Array
  private readonly request: Float64Array
  private readonly cell: Cell
  private readonly allocator: Allocator
  private readonly kept = new Map<number, Evictions>()
  private readonly few: Evictions
  /** Rises with every look at what has changed; by machine, the last in which it was considered. */
  private turn = 0
  private readonly lastTurn: Float64Array

  constructor(cell: Cell, allocator: Allocator) {
    this.cell = cell
    this.allocator = allocator
    this.best = new Int32Array(cell.machines)
    this.lastTurn = new Float64Array(cell.machines)
    this.few = new Evictions(cell.machines)
    this.request = new Float64Array(cell.resources.length)
    const production = cell.trace.tiers.indexOf('production')
    this.trial = new Victims(cell, production)
    const isSum = cell.overcommit === null && cell.constraint === null
    this.room = isSum ? new EvictableRoom(cell, new EvictableSums(cell, production)) : null
  }

  /** The machine to make room on, or NONE; then `victims` says who goes. Looks at machines that gained room after `since`. */
  choose(taskClass: number, since: number): number {
    const found = this.room === null || this.isFew(since) ? this.gained(taskClass, since) : this.remembered(taskClass, this.room)
    const ties = found.best(this.best, (machine) => {
      this.trial.find(taskClass, machine)
      return this.scoreWithout(taskClass, machine)
    })
    if (ties === 0) return NONE
    const machine = this.allocator.breakTie(this.best, ties)
    this.trial.find(taskClass, machine)
    this.victims.length = 0
    this.victims.push(...this.trial.list)
    return machine
  }

  /** False where no machine that gained room since has enough for this class, whoever is evicted; true also where that is dearer to find out. */
  mayHaveGained(taskClass: number, since: number): boolean {
    const { cell, room } = this
    if (room === null || !this.isFew(since)) return true
    const { sums } = room
    const groups = sums.below(taskClass)
    for (let m = cell.latestGain; m !== NONE && cell.gainedAt[m] > since; m = cell.earlierGain[m])
      if (sums.mayHold(taskClass, m, groups)) return true
    return false
  }

  private isFew(since: number): boolean {
    return this.cell.gains - since <= Math.min(FEW, this.cell.machines >> 1)
  }

  private gained(taskClass: number, since: number): Evictions {
    const { cell, few } = this
    few.clear(this.room?.sums.below(taskClass) ?? 0)
    for (let m = cell.latestGain; m !== NONE && cell.gainedAt[m] > since; m = cell.earlierGain[m]) this.consider(few, taskClass, m)
    return few
  }

  /** What was found for the class the last time, put right where machines have changed. Those that gained no room are no different from before. */
  private remembered(taskClass: number, room: EvictableRoom): Evictions {
    const { cell } = this
    const found = this.evictionsOf(taskClass)
    const { asOf } = found
    if (asOf >= 0 && cell.changes - asOf <= cell.machines >> 1) {
      this.turn++
      for (let change = asOf; change < cell.changes; change++) {
        const machine = cell.machineOfChange(change)
        // Most that changed did so more than once.
        if (this.lastTurn[machine] === this.turn) continue
        this.lastTurn[machine] = this.turn
        this.reconsider(found, taskClass, machine, room)
      }
    } else found.clear(0)
    if (found.size === 0) this.search(found, taskClass, room)
    found.asOf = cell.changes
    return found
  }

  /** Goes up to the lowest highest priority of victims with which any machine has room. */
  private search(found: Evictions, taskClass: number, room: EvictableRoom): void {
    const { request } = this
    const { sums } = room
    this.cell.readRequest(taskClass, request)
    for (const groups of sums.levels) {
      if (groups > sums.below(taskClass)) break
      found.groups = groups
      const tree = room.without(groups, sums.spares(taskClass))
      for (let m = tree.next(0, request); m !== NONE; m = tree.next(m + 1, request)) this.consider(found, taskClass, m)
      if (found.size > 0) break
    }
  }

  /** Finds anew what evicting on this machine would mean, if anything. */
  private reconsider(found: Evictions, taskClass: number, machine: number, { sums }: EvictableRoom): void {
    if (sums.mayHold(taskClass, machine, found.groups)) this.consider(found, taskClass, machine)
    else found.remove(machine)
  }

  private consider(found: Evictions, taskClass: number, machine: number): void {
    const { room, trial } = this
    this.allocator.look(1)
    // Devices are beyond the sums: for them, tasks of higher priority may have to go.
    if (!trial.find(taskClass, machine) || (room !== null && room.sums.groupOf[trial.lastClass] >= found.groups)) {
      found.remove(machine)
      return
    }
    const highest = this.cell.trace.classes.priority[trial.lastClass]
    const victims = trial.list.length
    // Two in five never come to be among the best, and need no score.
    const score = found.areBetter(highest, victims) ? UNSCORED : this.scoreWithout(taskClass, machine)
    found.set(machine, highest, victims, score)
  }

  /** The score with the victims gone that were found on this machine. */
  private scoreWithout(taskClass: number, machine: number): number {
    return this.trial.without(machine, () => this.allocator.score(taskClass, machine))
  }

  private evictionsOf(taskClass: number): Evictions {
    const known = this.kept.get(taskClass)
    if (known) this.kept.delete(taskClass)
    let evictions = known
    // A Map keeps the order of insertion, so the first is always the one used longest ago.
    if (!evictions && this.kept.size === CLASSES_KEPT) {
      for (const [oldest, entry] of this.kept) {
        this.kept.delete(oldest)
        entry.asOf = -1
        evictions = entry
        break
      }
    }
    evictions ??= new Evictions(this.cell.machines)
    this.kept.set(taskClass, evictions)
    return evictions
  }
}
