import type { Comparison, Filling } from '../experiments/index.ts'

/** Results as text, keys in the order in which they were made, since counts are shown in it. A number that JSON cannot hold is a mistake of ours. */
export const resultsJson = (results: Comparison | Filling): string =>
  `${JSON.stringify(results, (key, value: unknown) => {
    if (typeof value === 'number' && !Number.isFinite(value)) throw new Error(`results.json cannot hold ${key}: ${value}`)
    return value
  })}\n`
