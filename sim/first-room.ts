import type { Cell } from './cell.ts'
import type { Finder } from './finder.ts'
import { RoomTree } from './room-tree.ts'
import type { TieOrder } from './tie-order.ts'
import { NONE } from './trace.ts'

/** After more gains than this a search from the first machine costs less than a look at each that gained. */
const MOST_GAINS = 512
const NEVER = -1

/**
 * The first machine with room, for policies to whom all machines are equally good: first-fit by a tournament tree (Johnson, 1973). Before
 * the machine that a class found last there was no room for it, and there is some only where room has been gained since.
 */
export class FirstRoom implements Finder {
  examined = 0
  private readonly tree: RoomTree
  private readonly request: Float64Array
  private asOf = -1
  /** By class: the place that was found last, and `cell.gains` then. */
  private readonly reached: Int32Array
  private readonly reachedAt: Float64Array
  private readonly cell: Cell
  private readonly ties: TieOrder
  private readonly free: readonly Float64Array[]

  constructor(cell: Cell, ties: TieOrder, price: number) {
    this.cell = cell
    this.ties = ties
    this.free = cell.free[price]
    this.tree = new RoomTree(cell.machines, this.free.length)
    this.request = new Float64Array(this.free.length)
    this.reached = new Int32Array(cell.trace.classes.count)
    this.reachedAt = new Float64Array(cell.trace.classes.count).fill(NEVER)
  }

  find(taskClass: number): number {
    this.catchUp()
    const { cell, reached, reachedAt } = this
    const since = reachedAt[taskClass]
    const isKnown = since !== NEVER && cell.gains - since <= MOST_GAINS
    let found: number = isKnown ? this.firstGained(taskClass, since, reached[taskClass]) : NONE
    if (found === NONE) found = this.firstFrom(taskClass, isKnown ? reached[taskClass] : 0)
    reached[taskClass] = found === NONE ? cell.machines : found
    reachedAt[taskClass] = cell.gains
    return found === NONE ? NONE : this.ties.machineAt[found]
  }

  /** Of those that gained room since and stand before a place: the first place with room for this class, or NONE. */
  private firstGained(taskClass: number, since: number, before: number): number {
    const { cell } = this
    const { place } = this.ties
    let first = before
    for (let m = cell.latestGain; m !== NONE && cell.gainedAt[m] > since; m = cell.earlierGain[m]) {
      if (place[m] >= first) continue
      this.examined++
      if (cell.fits(taskClass, m)) first = place[m]
    }
    return first === before ? NONE : first
  }

  /** The first place from `from` on with room for this class, or NONE. */
  private firstFrom(taskClass: number, from: number): number {
    const { cell, request, tree } = this
    cell.readRequest(taskClass, request)
    for (let place = tree.next(from, request); place !== NONE; place = tree.next(place + 1, request)) {
      if (place >= cell.machines) return NONE
      this.examined++
      if (cell.fits(taskClass, this.ties.machineAt[place])) return place
    }
    return NONE
  }

  private catchUp(): void {
    const { cell, asOf } = this
    this.asOf = cell.changes
    if (asOf < 0 || cell.changes - asOf > cell.machines >> 1) {
      for (let m = 0; m < cell.machines; m++) this.write(m)
      return
    }
    for (let change = asOf; change < cell.changes; change++) this.write(cell.machineOfChange(change))
  }

  private write(machine: number): void {
    const { free } = this
    const isPresent = this.cell.present[machine] === 1
    const place = this.ties.place[machine]
    for (let r = 0; r < free.length; r++) this.tree.set(place, r, isPresent ? free[r][machine] : Number.NEGATIVE_INFINITY)
  }
}
