import type { Packing, Term } from './policy.ts'
import { NO_ROOM } from './score-tree.ts'

/** A policy by itself, or those of a weighted sum. */
export function termsOf(packing: Packing): readonly Term[] {
  return packing.terms ?? [{ weight: 1, packing }]
}

/** Whether scores are compared only after they were normalised over the machines with room, or summed. */
export function isRelative({ terms, normalise }: Packing): boolean {
  return terms !== undefined || normalise !== undefined
}

/**
 * Adds a policy's scores of all machines, normalised over those with room where the policy says how, to the totals of a weighted
 * sum. Machines without room have NO_ROOM in `scores`, and get it in `totals`.
 */
export function addTerm(totals: Float64Array, scores: Float64Array, { normalise }: Packing, weight: number): void {
  let least = Number.POSITIVE_INFINITY
  let most = NO_ROOM
  for (const score of scores) {
    if (score === NO_ROOM) continue
    if (score < least) least = score
    if (score > most) most = score
  }
  for (let i = 0; i < scores.length; i++) {
    const score = scores[i]
    if (score === NO_ROOM) totals[i] = NO_ROOM
    else if (!Number.isNaN(score)) totals[i] += weight * (normalise ? normalise(score, least, most) : score)
  }
}
