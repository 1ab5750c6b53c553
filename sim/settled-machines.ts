import { AlikeMachines } from './alike-machines.ts'
import type { Cell } from './cell.ts'
import type { MachineShapes } from './machine-shapes.ts'
import { RoomGrid } from './room-grid.ts'
import type { Shortlist } from './shortlist.ts'
import type { TieOrder } from './tie-order.ts'
import { NONE } from './trace.ts'

/** By how much, of a key's size or of 1, rounding may put two machines in another order: far more than the sums of a score lose. */
const ROUNDING = 2 ** -26
const UNKNOWN = Number.POSITIVE_INFINITY
/** The class whose score is the key; any would do. */
const KEY_CLASS = 0
/** A list is put right for so many machines that were put in since, a power of 2; with more, a search is cheaper. */
const CAUGHT_UP = 128

/**
 * Each shape's machines on a grid, with what one class scores them as key, searched by branch and bound. The key only nominates; whoever
 * may be best, rounding considered, is scored for the class that asks. Machines that are the same in everything are one entry.
 */
export class SettledMachines {
  /** Machines looked at so far. */
  examined = 0
  private readonly grids: readonly RoomGrid[]
  /** Null once too few machines are alike for it to pay: then each machine is an entry by itself. */
  private alike: AlikeMachines | null
  /** By entry: its grid, its place there (NONE: on none) and its key. */
  private readonly gridOf: Uint8Array
  private readonly placeOf: Int32Array
  private readonly keyOf: Float64Array
  private readonly next: Int32Array
  /** The least key that counts, then the least of each resource. */
  private readonly wanted: Float64Array
  private readonly request: Float64Array
  /** By class, then shape: what its scores there are above the keys; infinity until one has been seen. */
  private readonly constants: Float64Array
  /** How many machines have been put in. Where each stands for itself: the latest CAUGHT_UP of them, and by machine, how many there had been with it. */
  private joins = 0
  private readonly joined = new Int32Array(CAUGHT_UP)
  private readonly joinedAt: Float64Array
  /** How many there had been when it was last asked whether putting all in anew would pay. */
  private reconsideredAt = 0
  private readonly cell: Cell
  private readonly ties: TieOrder
  private readonly shapes: MachineShapes
  private readonly scoreOf: (taskClass: number, machine: number) => number

  constructor(cell: Cell, ties: TieOrder, price: number, shapes: MachineShapes, score: (taskClass: number, machine: number) => number) {
    const { machines } = cell
    this.cell = cell
    this.ties = ties
    this.shapes = shapes
    this.scoreOf = score
    this.alike = new AlikeMachines(cell, price, ties)
    this.gridOf = new Uint8Array(machines)
    this.placeOf = new Int32Array(machines).fill(NONE)
    this.keyOf = new Float64Array(machines)
    this.next = new Int32Array(machines)
    this.joinedAt = new Float64Array(machines)
    this.wanted = new Float64Array(cell.resources.length + 1)
    this.request = this.wanted.subarray(1)
    this.constants = new Float64Array(cell.trace.classes.count * shapes.counts.length).fill(UNKNOWN)
    const room = cell.resources.map(() => new Float64Array(machines))
    const lists = { next: this.next, previous: new Int32Array(machines), key: this.keyOf, room }
    this.grids = shapes.counts.map((count) => new RoomGrid(count, lists, cell.free[price], cell.capacity))
  }

  /** The machine that answers for an entry when this class asks; NONE where the entry is gone or nobody of it may be taken. */
  machineOf(entry: number, taskClass: number): number {
    if (this.placeOf[entry] === NONE) return NONE
    const machine = this.alike === null ? entry : this.alike.first[entry]
    const siblings = this.cell.siblingsOf(taskClass)
    if (siblings === null || siblings[machine] === 0) return machine
    return this.alike === null ? NONE : this.alike.firstWithout(entry, siblings)
  }

  /** Puts a list right for the machines that left and came since; false where it takes a search. */
  catchUp(list: Shortlist): boolean {
    const { cell, constants, joined, joinedAt, joins, keyOf, placeOf } = this
    const { asOf, taskClass } = list
    if (asOf === joins) return true
    // Where one vouches for those like it, whoever joined may be before it.
    if (this.alike !== null || joins - asOf > CAUGHT_UP) return false
    list.keep((machine) => placeOf[machine] !== NONE && joinedAt[machine] <= asOf)
    for (let join = asOf + 1; join <= joins; join++) {
      const machine = joined[join & (CAUGHT_UP - 1)]
      // Those that left again do not count, and those that joined again do so later.
      if (placeOf[machine] === NONE || joinedAt[machine] !== join) continue
      if (keyOf[machine] < leastKey(list.boundScore, constants[taskClass * this.grids.length + this.gridOf[machine]])) continue
      this.examined++
      if (cell.fits(taskClass, machine)) list.offer(machine, machine, this.scoreOf(taskClass, machine), this.ties.place)
    }
    list.asOf = joins
    return true
  }

  /** Fills the list anew with the best of these machines for this class. */
  search(list: Shortlist, taskClass: number): void {
    const { cell, constants, keyOf, next, wanted } = this
    const { place } = this.ties
    // Where lists can be put right they last longer.
    list.begin(taskClass, this.joins, this.alike === null ? 4 : 1)
    cell.readRequest(taskClass, this.request)
    for (let shape = 0; shape < this.grids.length; shape++) {
      const { first, tree } = this.grids[shape]
      const row = taskClass * this.grids.length + shape
      wanted[0] = leastKey(list.floor, constants[row])
      for (let at = tree.next(0, wanted); at !== NONE; at = tree.next(at + 1, wanted)) {
        for (let entry = first[at]; entry !== NONE; entry = next[entry]) {
          if (keyOf[entry] < wanted[0]) continue
          this.examined++
          const machine = this.machineOf(entry, taskClass)
          if (machine === NONE || !cell.fits(taskClass, machine)) continue
          const score = this.scoreOf(taskClass, machine)
          if (constants[row] === UNKNOWN) constants[row] = score - keyOf[entry]
          if (score < list.floor) continue
          list.offer(entry, machine, score, place)
          wanted[0] = leastKey(list.floor, constants[row])
        }
      }
    }
    list.close()
  }

  /** Takes out a machine that has changed, if it is here. */
  leave(machine: number): void {
    let entry = machine
    if (this.alike !== null) {
      entry = this.alike.groupOf[machine]
      if (entry === NONE || !this.alike.leave(machine)) return
    }
    if (this.placeOf[entry] === NONE) return
    this.grids[this.gridOf[entry]].remove(entry, this.placeOf[entry])
    this.placeOf[entry] = NONE
  }

  /** Puts in a machine that is not here. Nobody that is may have changed since it was put in, because one vouches for those like it. */
  join(machine: number): void {
    if (!this.cell.present[machine]) return
    this.joins++
    if (this.alike !== null) {
      if (!this.alike.join(machine)) return
    } else {
      this.joinedAt[machine] = this.joins
      this.joined[this.joins & (CAUGHT_UP - 1)] = machine
    }
    const entry = this.alike === null ? machine : this.alike.groupOf[machine]
    const shape = this.shapes.of(machine)
    const grid = this.grids[shape]
    this.gridOf[entry] = shape
    this.keyOf[entry] = this.scoreOf(KEY_CLASS, machine)
    this.placeOf[entry] = grid.placeOf(machine)
    grid.insert(entry, this.placeOf[entry], machine)
  }

  /** Puts in all machines as they are now. */
  rebuild(): void {
    const { alike, cell } = this
    for (const grid of this.grids) grid.clear()
    this.placeOf.fill(NONE)
    if (alike !== null) for (let m = 0; m < cell.machines; m++) if (alike.groupOf[m] !== NONE) alike.leave(m)
    // The last in tie order first: whoever joins a group then stands before all of it, which is the least work for its heap.
    for (let place = cell.machines - 1; place >= 0; place--) this.join(this.ties.machineAt[place])
    this.reconsideredAt = this.joins
  }

  /** From time to time, asks whether machines are still alike, and at which end of the grids the best stand. */
  reconsider(): void {
    if (this.joins - this.reconsideredAt <= this.cell.machines) return
    this.reconsideredAt = this.joins
    const isWaste = this.alike !== null && 2 * this.alike.groups > this.cell.machinesPresent
    if (isWaste) this.alike = null
    const roomiestFirst = this.roomiestAreBest()
    if (!isWaste && roomiestFirst === this.grids[0].roomiestFirst) return
    for (const grid of this.grids) grid.roomiestFirst = roomiestFirst
    this.rebuild()
  }

  /** Whether of the most frequent shape a machine with most room has a better key than one with least. */
  private roomiestAreBest(): boolean {
    const { first, roomiestFirst } = this.grids[0]
    const there = first.filter((entry) => entry !== NONE)
    if (there.length < 2) return roomiestFirst
    return this.keyOf[there[roomiestFirst ? 0 : there.length - 1]] > this.keyOf[there[roomiestFirst ? there.length - 1 : 0]]
  }
}

/** The least key with which a machine may still score so much: a shape's scores are its keys and a constant of the class. */
function leastKey(score: number, constant: number): number {
  return score - constant - 4 * ROUNDING * Math.max(1, Math.abs(score), Math.abs(constant))
}
