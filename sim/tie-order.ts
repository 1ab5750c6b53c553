import { type RandomStream, randomStream } from './random-stream.ts'
import { shuffledRows } from './shuffled-rows.ts'

/** How one of several equally good machines is chosen: the first row, the first in an order shuffled once by seed, by a draw at every decision, or as kube-scheduler 1.35 and later does. */
export const TIES = ['lowest-id', 'seeded-order', 'random', 'heap'] as const
export type Tie = (typeof TIES)[number]

/** The order in which equally good machines stand, and how one of them is taken. */
export class TieOrder {
  readonly isRandom: boolean
  /** By machine: its place; by place: its machine. */
  readonly place: Int32Array
  readonly machineAt: Int32Array
  private readonly draw: RandomStream | null

  constructor(machines: number, tie: Tie, seed: number) {
    this.isRandom = tie === 'random'
    this.machineAt = tie === 'seeded-order' ? shuffledRows(machines, randomStream(seed, 'order')) : new Int32Array(machines)
    this.place = new Int32Array(machines)
    for (let place = 0; place < machines; place++) {
      if (tie !== 'seeded-order') this.machineAt[place] = place
      this.place[this.machineAt[place]] = place
    }
    this.draw = this.isRandom ? randomStream(seed, 'ties') : null
  }

  /** Which of `count` equally good machines in this order is taken: the first, or by one draw. */
  pick(count: number): number {
    return this.draw === null ? 0 : Math.floor(this.draw() * count)
  }
}
