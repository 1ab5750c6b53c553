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
    const isShuffled = tie === 'seeded-order'
    this.machineAt = isShuffled ? shuffledRows(machines, randomStream(seed, 'order')) : new Int32Array(machines)
    this.place = isShuffled ? new Int32Array(machines) : this.machineAt
    // In row order a machine is its own place.
    for (let place = 0; place < machines; place++) this.place[isShuffled ? this.machineAt[place] : place] = place
    this.draw = this.isRandom ? randomStream(seed, 'ties') : null
  }

  /** Which of `count` equally good machines in this order is taken: the first, or by one draw. */
  pick(count: number): number {
    return this.draw === null ? 0 : Math.floor(this.draw() * count)
  }
}
