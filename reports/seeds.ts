import type { Comparison } from '../experiments/index.ts'
import { formatCount } from './format-number.ts'

/** The seeds that were run, each once, in their order. */
export const seeds = (comparison: Comparison): number[] => [...new Set(comparison.rows.map((row) => row.seed))]

/** What a chart of one seed's lines must admit; empty where there was but one seed. */
export function firstSeedNote(comparison: Comparison): string {
  const all = seeds(comparison)
  return all.length > 1 ? ` Drawn from seed ${all[0]} of ${formatCount(all.length, 'seed')}.` : ''
}
