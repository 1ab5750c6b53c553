import type { Combination } from '../experiments/index.ts'

const PARTS = ['admission', 'packing', 'overcommit'] as const

/** The same words for the same three policies, whatever object holds them. */
export const combinationKey = (combination: Combination): string => JSON.stringify(PARTS.map((part) => combination[part]))

/** What to call each combination among these: only the parts that differ, so a comparison of packings speaks of packings. */
export function labels(combinations: readonly Combination[]): (combination: Combination) => string {
  const varying = PARTS.filter((part) => new Set(combinations.map((combination) => combination[part])).size > 1)
  const shown = varying.length === 0 ? (['packing'] as const) : varying
  return (combination) => shown.map((part) => combination[part]).join(' + ')
}

/** The parts that are the same in every combination, as `admission none`, to be said once. */
export function commonParts(combinations: readonly Combination[]): string[] {
  const [first] = combinations
  if (first === undefined) return []
  return PARTS.filter((part) => combinations.every((combination) => combination[part] === first[part])).map(
    (part) => `${part} ${first[part]}`,
  )
}
