import type { Cell } from './cell.ts'
import type { Finder } from './finder.ts'
import type { Packing } from './policy.ts'
import { ScoreCache } from './score-cache.ts'
import { NO_ROOM } from './score-tree.ts'
import type { TieOrder } from './tie-order.ts'
import { NONE } from './trace.ts'
import { addTerm, termsOf } from './weighted-sum.ts'

/**
 * For policies whose scores are normalised over the machines with room, or summed: what is best depends on all of them, so each
 * term's scores are kept and every decision compares all machines anew.
 */
export class RelativeScores implements Finder {
  private readonly terms: readonly { readonly weight: number; readonly packing: Packing; readonly cache: ScoreCache }[]
  /** By place in the tie order. */
  private readonly totals: Float64Array
  private readonly best: Int32Array
  private readonly ties: TieOrder

  constructor(cell: Cell, ties: TieOrder, packing: Packing, score: (packing: Packing, taskClass: number, machine: number) => number) {
    this.ties = ties
    this.terms = termsOf(packing).map((term) => ({
      ...term,
      cache: new ScoreCache(cell, ties, (taskClass, machine) => score(term.packing, taskClass, machine)),
    }))
    this.totals = new Float64Array(cell.machines)
    this.best = new Int32Array(cell.machines)
  }

  get examined(): number {
    return this.terms.reduce((sum, { cache }) => sum + cache.examined, 0)
  }

  find(taskClass: number): number {
    const { best, totals } = this
    totals.fill(0)
    for (const { cache, packing, weight } of this.terms) addTerm(totals, cache.scores(taskClass), packing, weight)
    let bestScore = NO_ROOM
    let ties = 0
    for (let place = 0; place < totals.length; place++) {
      const score = totals[place]
      if (score < bestScore || score === NO_ROOM) continue
      if (score > bestScore) ties = 0
      bestScore = score
      best[ties++] = place
    }
    return ties === 0 ? NONE : this.ties.machineAt[best[this.ties.pick(ties)]]
  }
}
