import type { Sample } from './measured.ts'

export interface Spread {
  readonly median: number
  readonly least: number
  readonly most: number
}

/** The middle of the values (of an even number, the mean of both), and the ends. */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b)
  const half = (sorted.length - 1) / 2
  const median = (sorted[Math.floor(half)] + sorted[Math.ceil(half)]) / 2
  return { median, least: sorted[0], most: sorted[sorted.length - 1] }
}

/** The spread of each figure over the runs. */
export function spreads(samples: readonly Sample[]): Record<string, Spread> {
  return Object.fromEntries(Object.keys(samples[0]).map((name) => [name, spreadOf(samples.map((sample) => sample[name]))]))
}
