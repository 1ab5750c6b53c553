import type { Cell } from './cell.ts'
import type { Finder } from './finder.ts'
import type { MachineShapes } from './machine-shapes.ts'
import { NO_ROOM } from './score-tree.ts'
import { SettledMachines } from './settled-machines.ts'
import type { TieOrder } from './tie-order.ts'
import { NONE } from './trace.ts'
import { UnsettledMachines } from './unsettled-machines.ts'

/** With more machines unsettled than this, looking at each costs more than settling them. */
const MOST_UNSETTLED = 32

/**
 * For policies by whose score the machines of one shape stand in the same order for every class. Machines that changed lately are
 * looked at one by one; of all others the best is remembered by class, and stays the best as long as nobody joins them.
 */
export class SharedOrder implements Finder {
  private looks = 0
  private readonly settled: SettledMachines
  private readonly unsettled: UnsettledMachines
  /** Rises whenever machines are settled. */
  private settlings = 0
  /** By class, what a search of the settled found, and after which settling; none of them has become better since. */
  private readonly searchedAt: Float64Array
  private readonly entryOf: Int32Array
  private readonly machineOf: Int32Array
  private readonly scoreOf: Float64Array
  private readonly isTied: Uint8Array
  private asOf = -1
  private readonly cell: Cell
  private readonly ties: TieOrder
  private readonly score: (taskClass: number, machine: number) => number

  constructor(cell: Cell, ties: TieOrder, price: number, shapes: MachineShapes, score: (taskClass: number, machine: number) => number) {
    const { count } = cell.trace.classes
    this.cell = cell
    this.ties = ties
    this.score = score
    this.settled = new SettledMachines(cell, ties, price, shapes, score)
    this.unsettled = new UnsettledMachines(cell.machines)
    this.searchedAt = new Float64Array(count)
    this.entryOf = new Int32Array(count)
    this.machineOf = new Int32Array(count)
    this.scoreOf = new Float64Array(count)
    this.isTied = new Uint8Array(count)
  }

  get examined(): number {
    return this.looks + this.settled.examined
  }

  find(taskClass: number): number {
    this.catchUp()
    const { cell } = this
    const { place } = this.ties
    const { count, machines } = this.unsettled
    let best: number = NONE
    let bestScore = NO_ROOM
    for (let i = 0; i < count; i++) {
      const machine = machines[i]
      if (!cell.fits(taskClass, machine)) continue
      this.looks++
      const score = this.score(taskClass, machine)
      if (score < bestScore || (score === bestScore && place[machine] > place[best])) continue
      bestScore = score
      best = machine
    }
    const machine = this.bestSettled(taskClass, best, bestScore)
    const score = this.scoreOf[taskClass]
    return machine === NONE || bestScore > score || (bestScore === score && place[best] < place[machine]) ? best : machine
  }

  /** The best of the settled machines, or NONE where none of them can be better than the best of the others. */
  private bestSettled(taskClass: number, best: number, bestScore: number): number {
    if (this.searchedAt[taskClass] !== this.settlings) return this.search(taskClass)
    const searched = this.machineOf[taskClass]
    const score = this.scoreOf[taskClass]
    const { place } = this.ties
    if (searched === NONE || bestScore > score || (bestScore === score && place[best] < place[searched])) return NONE
    const machine = this.settled.machineOf(this.entryOf[taskClass], taskClass)
    // Where others are as good, the next of the entry may stand behind them.
    return machine !== NONE && (machine === searched || this.isTied[taskClass] === 0) ? machine : this.search(taskClass)
  }

  private search(taskClass: number): number {
    const { settled } = this
    const machine = settled.search(taskClass)
    this.searchedAt[taskClass] = this.settlings
    this.machineOf[taskClass] = machine
    this.entryOf[taskClass] = settled.entry
    this.scoreOf[taskClass] = settled.score
    this.isTied[taskClass] = settled.isTied ? 1 : 0
    return machine
  }

  private catchUp(): void {
    const { asOf, cell, settled, unsettled } = this
    this.asOf = cell.changes
    if (asOf < 0 || cell.changes - asOf > cell.machines >> 1) {
      unsettled.clear()
      settled.rebuild()
      this.settlings++
      return
    }
    const mask = cell.changesKept - 1
    for (let change = asOf; change < cell.changes; change++) {
      const machine = cell.changed[change & mask]
      if (unsettled.add(machine)) settled.leave(machine)
    }
    if (unsettled.count <= MOST_UNSETTLED) return
    for (let i = 0; i < unsettled.count; i++) settled.join(unsettled.machines[i])
    unsettled.clear()
    settled.reconsider()
    this.settlings++
  }
}
