import { AlikeMachines } from './alike-machines.ts'
import type { Cell } from './cell.ts'
import type { Finder } from './finder.ts'
import { Ladder } from './ladder.ts'
import type { MachineShapes } from './machine-shapes.ts'
import { NO_ROOM } from './score-tree.ts'
import type { TieOrder } from './tie-order.ts'
import { NONE } from './trace.ts'

/** By how much, of a key's size or of 1, rounding may put two machines in another order: far more than the sums of a score lose. */
const ROUNDING = 2 ** -26
/** The class whose score is the key; any would do. */
const KEY_CLASS = 0

/**
 * For policies by whose score the machines of one shape stand in the same order for every class: each shape's machines on a
 * ladder by what one class scores them, asked for the first rungs with room. The key only nominates; whoever may be best, rounding
 * considered, is scored for the class that asks. So one change is worked in once, not once a class.
 */
export class SharedOrder implements Finder {
  examined = 0
  private readonly ladders: readonly Ladder[]
  /** Null once too few machines are alike for it to pay: then each machine is an entry by itself. */
  private alike: AlikeMachines | null
  /** By entry: its ladder, its rung (NONE: not on any) and its key. */
  private readonly ladderOf: Uint8Array
  private readonly rungOf: Int32Array
  private readonly keyOf: Float64Array
  private readonly next: Int32Array
  private readonly itself: Int32Array
  private readonly request: Float64Array
  private readonly emptied: number[] = []
  private asOf = -1
  private joined = 0
  private readonly cell: Cell
  private readonly ties: TieOrder
  private readonly shapes: MachineShapes
  private readonly score: (taskClass: number, machine: number) => number

  constructor(cell: Cell, ties: TieOrder, price: number, shapes: MachineShapes, score: (taskClass: number, machine: number) => number) {
    const { machines } = cell
    this.cell = cell
    this.ties = ties
    this.shapes = shapes
    this.score = score
    const alike = new AlikeMachines(cell, price, ties)
    this.alike = alike
    this.ladderOf = new Uint8Array(machines)
    this.rungOf = new Int32Array(machines).fill(NONE)
    this.keyOf = new Float64Array(machines)
    this.next = new Int32Array(machines)
    this.itself = Int32Array.from({ length: machines }, (_, m) => m)
    this.request = new Float64Array(cell.resources.length)
    const previous = new Int32Array(machines)
    this.ladders = shapes.counts.map((count) => new Ladder(count, cell.free[price], this.next, previous, alike.first))
  }

  find(taskClass: number): number {
    this.catchUp()
    const { alike, cell, keyOf, next, request } = this
    const { place } = this.ties
    const isApart = cell.trace.classes.spread[taskClass] !== NONE
    cell.readRequest(taskClass, request)
    let best: number = NONE
    let bestScore = NO_ROOM
    for (const ladder of this.ladders) {
      let last = ladder.rungs - 1
      let highestKey = NO_ROOM
      for (
        let rung = ladder.tree.next(0, request);
        rung !== NONE && rung <= last;
        rung = rung < last ? ladder.tree.next(rung + 1, request) : NONE
      ) {
        for (let entry = ladder.first[rung]; entry !== NONE; entry = next[entry]) {
          const machine = alike === null ? entry : isApart ? alike.firstWithoutSibling(entry, taskClass) : alike.first[entry]
          this.examined++
          if (machine === NONE || !cell.fits(taskClass, machine)) continue
          if (keyOf[entry] > highestKey) highestKey = keyOf[entry]
          const score = this.score(taskClass, machine)
          if (score < bestScore || (score === bestScore && place[machine] > place[best])) continue
          bestScore = score
          best = machine
        }
        if (highestKey > NO_ROOM) last = ladder.rungOf(highestKey - ROUNDING * Math.max(1, Math.abs(highestKey)))
      }
    }
    return best
  }

  private catchUp(): void {
    const { asOf, cell } = this
    this.asOf = cell.changes
    if (asOf < 0 || cell.changes - asOf > Math.min(cell.changesKept, cell.machines)) {
      this.rebuild()
      return
    }
    const mask = cell.changesKept - 1
    // All that have changed leave before any joins, because those in a group vouch for what its machines have free.
    for (let change = asOf; change < cell.changes; change++) this.leave(cell.changed[change & mask])
    for (const entry of this.emptied) {
      if (this.rungOf[entry] !== NONE) this.ladders[this.ladderOf[entry]].remove(entry, this.rungOf[entry])
      this.rungOf[entry] = NONE
    }
    this.emptied.length = 0
    for (let change = asOf; change < cell.changes; change++) this.join(cell.changed[change & mask])
    if (this.alike !== null && this.joined > this.cell.machines) this.lookWhetherAlike(this.alike)
  }

  private leave(machine: number): void {
    if (this.alike === null) this.emptied.push(machine)
    else {
      const group = this.alike.groupOf[machine]
      if (group !== NONE && this.alike.leave(machine)) this.emptied.push(group)
    }
  }

  private join(machine: number): void {
    const { alike } = this
    if (!this.cell.present[machine]) return
    let entry = machine
    if (alike !== null) {
      if (alike.groupOf[machine] !== NONE) return
      this.joined++
      if (!alike.join(machine)) return
      entry = alike.groupOf[machine]
    } else if (this.rungOf[machine] !== NONE) return
    const shape = this.shapes.of(machine)
    const ladder = this.ladders[shape]
    const key = this.score(KEY_CLASS, machine)
    this.ladderOf[entry] = shape
    this.keyOf[entry] = key
    if (!ladder.reaches(key)) this.widen(ladder, key)
    this.rungOf[entry] = ladder.rungOf(key)
    ladder.insert(entry, this.rungOf[entry])
  }

  /** Spreads a ladder's rungs over twice what they must reach, so that this is rare. */
  private widen(ladder: Ladder, key: number): void {
    const entries = ladder.entries()
    if (Number.isNaN(ladder.top)) ladder.clear(key, key)
    else {
      const top = Math.max(ladder.top, key)
      const bottom = Math.min(ladder.bottom, key)
      ladder.clear(top + (top - bottom) / 2, bottom - (top - bottom) / 2)
    }
    for (const entry of entries) {
      this.rungOf[entry] = ladder.rungOf(this.keyOf[entry])
      ladder.insert(entry, this.rungOf[entry])
    }
  }

  private rebuild(): void {
    const { alike, cell } = this
    for (const ladder of this.ladders) ladder.clear(Number.NaN, Number.NaN)
    this.rungOf.fill(NONE)
    for (let m = 0; m < cell.machines; m++) if (alike !== null && alike.groupOf[m] !== NONE) alike.leave(m)
    for (let m = 0; m < cell.machines; m++) this.join(m)
    this.joined = 0
  }

  private lookWhetherAlike(alike: AlikeMachines): void {
    this.joined = 0
    if (2 * alike.groups <= this.cell.machinesPresent) return
    this.alike = null
    for (const ladder of this.ladders) ladder.machineOf = this.itself
    this.rebuild()
  }
}
