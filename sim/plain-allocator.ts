import type { AllocatorOptions } from './allocator.ts'
import { BY_NEED, BY_REQUEST, type Cell } from './cell.ts'
import { heapRoot } from './heap-root.ts'
import type { Packing, PackingPolicy, ParameterValues } from './policy.ts'
import { randomStream } from './random-stream.ts'
import { TieOrder } from './tie-order.ts'
import { NONE } from './trace.ts'
import { truncate } from './truncate.ts'

/** What `Allocator` answers, found as plainly as can be: every machine is looked at for every task. The reference for all that is quicker. */
export class PlainAllocator {
  private readonly packings: readonly Packing[]
  private readonly ties: TieOrder
  private readonly isHeap: boolean
  private readonly cell: Cell
  private readonly scoreStep: number

  constructor(cell: Cell, policy: PackingPolicy, parameters: ParameterValues, { tie, seed, scoreStep }: AllocatorOptions) {
    this.cell = cell
    this.scoreStep = scoreStep
    const random = randomStream(seed, 'policy')
    this.packings = [BY_REQUEST, BY_NEED].map((price) => policy.create(cell.view(price, random, scoreStep), parameters))
    this.isHeap = (policy.ties ?? tie) === 'heap'
    this.ties = new TieOrder(cell.machines, policy.ties ?? tie, seed)
  }

  /** The machine for a task of this class, or NONE where none has room. */
  choose(taskClass: number): number {
    const { cell, ties } = this
    const packing = this.packings[cell.price[taskClass]]
    const open = [...ties.machineAt].filter((machine) => cell.fits(taskClass, machine))
    const totals = open.map(() => 0)
    for (const { weight, packing: term } of packing.terms ?? [{ weight: 1, packing }]) {
      const scores = open.map((machine) => truncate(term.score(taskClass, machine), this.scoreStep))
      const least = scores.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY)
      const most = scores.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY)
      for (const [i, score] of scores.entries()) totals[i] += weight * (term.normalise ? term.normalise(score, least, most) : score)
    }
    if (this.isHeap) return open.length === 0 ? NONE : heapRoot(Int32Array.from(open), Float64Array.from(totals), open.length)
    const highest = totals.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY)
    const best = open.filter((_, i) => totals[i] === highest)
    return best.length === 0 ? NONE : best[ties.pick(best.length)]
  }
}
