import type { Cell } from './cell.ts'
import type { Finder } from './finder.ts'
import { RoomTree } from './room-tree.ts'
import type { TieOrder } from './tie-order.ts'
import { NONE } from './trace.ts'

/** The first machine with room, for policies to whom all machines are equally good: first-fit by a tournament tree (Johnson, 1973). */
export class FirstRoom implements Finder {
  examined = 0
  private readonly tree: RoomTree
  private readonly request: Float64Array
  private asOf = -1
  private readonly cell: Cell
  private readonly ties: TieOrder
  private readonly free: readonly Float64Array[]

  constructor(cell: Cell, ties: TieOrder, price: number) {
    this.cell = cell
    this.ties = ties
    this.free = cell.free[price]
    this.tree = new RoomTree(cell.machines, this.free.length)
    this.request = new Float64Array(this.free.length)
  }

  find(taskClass: number): number {
    this.catchUp()
    const { cell, request, tree } = this
    cell.readRequest(taskClass, request)
    for (let place = tree.next(0, request); place !== NONE; place = tree.next(place + 1, request)) {
      if (place >= cell.machines) return NONE
      this.examined++
      const machine = this.ties.machineAt[place]
      if (cell.fits(taskClass, machine)) return machine
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
    for (let change = asOf; change < cell.changes; change++) this.write(cell.changed[change & (cell.changesKept - 1)])
  }

  private write(machine: number): void {
    const { free } = this
    const isPresent = this.cell.present[machine] === 1
    const place = this.ties.place[machine]
    for (let r = 0; r < free.length; r++) this.tree.set(place, r, isPresent ? free[r][machine] : Number.NEGATIVE_INFINITY)
  }
}
