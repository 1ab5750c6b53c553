import type { Cell } from './cell.ts'
import type { Finder } from './finder.ts'
import { machinesWithRoom } from './machines-with-room.ts'
import { NO_ROOM, ScoreTree } from './score-tree.ts'
import type { TieOrder } from './tie-order.ts'
import { NONE } from './trace.ts'

/** Memory that all kept scores together may take, bytes: 40 classes of a million machines. With fewer than are asked for in turn, nothing is kept long enough. */
const BUDGET = 2 ** 30
const MOST_CLASSES = 256

interface ClassScores {
  readonly tree: ScoreTree
  /** `cell.changes` when the scores were right. */
  asOf: number
}

/**
 * The scores of the classes asked for last, each in a tournament tree, so that a decision looks again only at machines that have
 * changed since: Borg's score cache and equivalence classes (EuroSys 2015, section 3.4), without its rounding. Exact for every
 * policy, because a score reads nothing but its class's and its machine's columns.
 */
export class ScoreCache implements Finder {
  examined = 0
  private readonly kept = new Map<number, ClassScores>()
  private readonly most: number
  private readonly roomy: Int32Array
  private readonly cell: Cell
  private readonly ties: TieOrder
  private readonly score: (taskClass: number, machine: number) => number

  constructor(cell: Cell, ties: TieOrder, score: (taskClass: number, machine: number) => number) {
    this.cell = cell
    // One more, because the scan writes a machine before it knows whether it counts.
    this.roomy = new Int32Array(cell.machines + 1)
    this.ties = ties
    this.score = score
    this.most = Math.max(1, Math.min(MOST_CLASSES, Math.floor(BUDGET / ScoreTree.bytes(cell.machines))))
  }

  find(taskClass: number): number {
    const { tree } = this.upToDate(taskClass)
    const { best } = tree
    return best === 0 ? NONE : this.ties.machineAt[tree.find(this.ties.pick(best))]
  }

  /** Asks for no draw among equals: the first by the tie order is taken. */
  findAmong(taskClass: number, allowed: Uint8Array): number {
    const { scores } = this.upToDate(taskClass).tree
    const { place } = this.ties
    let best = NONE
    let most = NO_ROOM
    for (let machine = allowed.indexOf(1); machine >= 0; machine = allowed.indexOf(1, machine + 1)) {
      const score = scores[place[machine]]
      if (score < most || score === NO_ROOM || (score === most && place[machine] > place[best])) continue
      best = machine
      most = score
    }
    return best
  }

  /** The class's score of every machine, by place in the tie order; NO_ROOM where it has none. */
  scores(taskClass: number): Float64Array {
    return this.upToDate(taskClass).tree.scores
  }

  /** Brings the class that is furthest behind up to date, where it is by more than `lag` changes; false where none is. Moves no answer. */
  freshen(lag: number): boolean {
    let behind = NONE
    let asOf = this.cell.changes - lag
    for (const [taskClass, entry] of this.kept) if (entry.asOf < asOf) [behind, asOf] = [taskClass, entry.asOf]
    if (behind !== NONE) this.bringUpToDate(behind, this.kept.get(behind) as ClassScores)
    return behind !== NONE
  }

  /** The class's scores, right as of now: looked at again where machines have changed, or all of them where many have. */
  private upToDate(taskClass: number): ClassScores {
    const entry = this.entry(taskClass)
    this.bringUpToDate(taskClass, entry)
    return entry
  }

  private bringUpToDate(taskClass: number, entry: ClassScores): void {
    const { cell } = this
    const { place } = this.ties
    const { tree, asOf } = entry
    entry.asOf = cell.changes
    if (asOf < 0 || (cell.changes > asOf && cell.isWide(taskClass)) || cell.changes - asOf > cell.machines >> 1) {
      this.examined += cell.machines
      tree.clear()
      const count = machinesWithRoom(cell, taskClass, this.roomy)
      for (let i = 0; i < count; i++) tree.fill(place[this.roomy[i]], this.score(taskClass, this.roomy[i]))
      tree.build()
    } else {
      for (let change = asOf; change < cell.changes; change++) {
        const machine = cell.machineOfChange(change)
        this.examined++
        tree.set(place[machine], cell.fits(taskClass, machine) ? this.score(taskClass, machine) : NO_ROOM)
      }
    }
  }

  /** The class's scores, perhaps stale; those of the class used longest ago are given up for a new one, with `asOf` −1. */
  private entry(taskClass: number): ClassScores {
    const known = this.kept.get(taskClass)
    // A Map keeps the order of insertion, so the first is always the one used longest ago.
    if (known) this.kept.delete(taskClass)
    const entry = known ?? (this.kept.size < this.most ? { tree: new ScoreTree(this.cell.machines), asOf: -1 } : this.oldest())
    this.kept.set(taskClass, entry)
    return entry
  }

  private oldest(): ClassScores {
    for (const [taskClass, entry] of this.kept) {
      this.kept.delete(taskClass)
      entry.asOf = -1
      return entry
    }
    throw new Error('no class is kept')
  }
}
