import type { Comparison } from '../experiments/index.ts'

/** The comparison as text, keys in the order in which they were made, since counts are shown in it. A number that JSON cannot hold is a mistake of ours. */
export const resultsJson = (comparison: Comparison): string =>
  `${JSON.stringify(comparison, (key, value: unknown) => {
    if (typeof value === 'number' && !Number.isFinite(value)) throw new Error(`results.json cannot hold ${key}: ${value}`)
    return value
  })}\n`
