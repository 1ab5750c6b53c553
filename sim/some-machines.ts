import type { Cell } from './cell.ts'
import { type RandomStream, randomStream } from './random-stream.ts'
import { shuffledRows } from './shuffled-rows.ts'

/**
 * The first so many machines with room, in row order or, relaxed, from a random place in a random order: what Borg scores in place
 * of all machines (EuroSys 2015, section 3.4). Quick, and not exact: the best machine may not be among them.
 */
export class SomeMachines {
  examined = 0
  private readonly order: Int32Array
  private readonly draw: RandomStream | null
  private readonly cell: Cell
  private readonly enough: number

  constructor(cell: Cell, enough: number, relaxed: boolean, seed: number) {
    this.cell = cell
    this.enough = enough
    this.draw = relaxed ? randomStream(seed, 'relaxed') : null
    this.order = this.draw ? shuffledRows(cell.machines, this.draw) : Int32Array.from({ length: cell.machines }, (_, m) => m)
  }

  /** Fills `into`, and says how many. One draw a call where relaxed. */
  fill(taskClass: number, into: Int32Array): number {
    const { cell, order } = this
    const start = this.draw ? Math.floor(this.draw() * order.length) : 0
    let count = 0
    for (let i = 0; i < order.length && count < this.enough; i++) {
      const machine = order[(start + i) % order.length]
      this.examined++
      if (cell.fits(taskClass, machine)) into[count++] = machine
    }
    return count
  }
}
