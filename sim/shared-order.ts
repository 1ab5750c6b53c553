import type { Cell } from './cell.ts'
import type { Finder } from './finder.ts'
import type { MachineShapes } from './machine-shapes.ts'
import { NO_ROOM } from './score-tree.ts'
import { SettledMachines } from './settled-machines.ts'
import { Shortlist } from './shortlist.ts'
import type { TieOrder } from './tie-order.ts'
import { NONE } from './trace.ts'
import { UnsettledMachines } from './unsettled-machines.ts'

/** With more machines unsettled than this, looking at each costs more than settling them. */
const UNSETTLED = 32
/** The most machines that are listed for a class. */
const LISTED = 32
/** So many classes have a list at a time, a power of 2. */
const LISTS = 64
/** It takes a search to tell. */
const UNKNOWN = -2

/**
 * For policies by whose score the machines of one shape stand in the same order for every class. Machines that changed lately are
 * looked at one by one; of all others the best are listed by class, and a list is put right for those who leave and come.
 */
export class SharedOrder implements Finder {
  searches = 0
  private looks = 0
  private readonly settled: SettledMachines
  private readonly unsettled: UnsettledMachines
  private readonly lists: readonly Shortlist[]
  private readonly mostUnsettled: number
  private asOf = -1
  /** What is free and asked for of the first resource, by which most of the unsettled are passed over soonest. */
  private readonly first: Float64Array
  private readonly request: Float64Array
  private readonly cell: Cell
  private readonly ties: TieOrder
  private readonly score: (taskClass: number, machine: number) => number

  constructor(
    cell: Cell,
    ties: TieOrder,
    price: number,
    shapes: MachineShapes,
    score: (taskClass: number, machine: number) => number,
    { unsettled = UNSETTLED, listed = LISTED }: { readonly unsettled?: number; readonly listed?: number } = {},
  ) {
    this.mostUnsettled = unsettled
    this.lists = Array.from({ length: LISTS }, () => new Shortlist(listed))
    this.cell = cell
    this.ties = ties
    this.score = score
    this.settled = new SettledMachines(cell, ties, price, shapes, score)
    this.unsettled = new UnsettledMachines(cell.machines)
    this.first = cell.free[price][0] ?? new Float64Array(cell.machines)
    this.request = new Float64Array(Math.min(1, cell.resources.length))
  }

  get examined(): number {
    return this.looks + this.settled.examined
  }

  find(taskClass: number): number {
    this.catchUp()
    const { cell, first } = this
    const { place } = this.ties
    const { count, machines } = this.unsettled
    cell.readRequest(taskClass, this.request)
    const atLeast = this.request[0]
    let best: number = NONE
    let bestScore = NO_ROOM
    for (let i = 0; i < count; i++) {
      const machine = machines[i]
      if (first[machine] < atLeast || !cell.fits(taskClass, machine)) continue
      this.looks++
      const score = this.score(taskClass, machine)
      if (score < bestScore || (score === bestScore && place[machine] > place[best])) continue
      bestScore = score
      best = machine
    }
    const list = this.lists[taskClass & (LISTS - 1)]
    if (list.isOf(taskClass) && this.settled.catchUp(list)) {
      const listed = this.better(list, best, bestScore)
      if (listed !== UNKNOWN) return listed
    }
    this.searches++
    this.settled.search(list, taskClass)
    return this.better(list, best, bestScore)
  }

  /** The best of the settled machines, if it is better than `best`, or else `best`; UNKNOWN where the list does not tell. */
  private better(list: Shortlist, best: number, bestScore: number): number {
    const { place } = this.ties
    const { entries, length, machines, scores, taskClass } = list
    for (let i = list.from; i < length; i++) {
      const score = scores[i]
      if (bestScore > score || (bestScore === score && place[best] < place[machines[i]])) return best
      let machine = this.settled.machineOf(entries[i], taskClass)
      if (machine === NONE) {
        if (i === list.from) list.from++
        continue
      }
      if (machine !== machines[i]) {
        // Another machine answers for the entry now, who stands behind the one before, and maybe behind others as good.
        for (let j = i + 1; j < length && scores[j] === score; j++) {
          const other = this.settled.machineOf(entries[j], taskClass)
          if (other !== NONE && place[other] < place[machine]) machine = other
        }
        if (!list.isAbove(score, place[machine])) return UNKNOWN
        if (bestScore === score && place[best] < place[machine]) return best
      }
      return machine
    }
    return list.boundScore === NO_ROOM || list.isAbove(bestScore, place[best]) ? best : UNKNOWN
  }

  private catchUp(): void {
    const { asOf, cell, settled, unsettled } = this
    this.asOf = cell.changes
    if (asOf < 0 || cell.changes - asOf > cell.changesKept) {
      unsettled.clear()
      settled.rebuild()
      return
    }
    for (let change = asOf; change < cell.changes; change++) {
      const machine = cell.machineOfChange(change)
      if (unsettled.add(machine)) settled.leave(machine)
    }
    if (unsettled.count <= this.mostUnsettled) return
    for (let i = 0; i < unsettled.count; i++) settled.join(unsettled.machines[i])
    unsettled.clear()
    settled.reconsider()
  }
}
