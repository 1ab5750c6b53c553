import jStat from 'jstat'
import type { Combination, Contrast } from './comparison.ts'

/** One measure of one combination, a value a seed; the same seeds in the same order for all. */
export interface Measured {
  readonly combination: Combination
  readonly values: readonly number[]
  /** Whether seeds move the values at all. */
  readonly varies: boolean
}

/**
 * Each combination against the one with the least mean (the earliest of equals), paired by seed: mean difference with its 95 %
 * t interval and a two-sided p, Holm-corrected over the table. Smaller is better.
 */
export function contrasts(measure: string, measured: readonly Measured[]): readonly Contrast[] {
  if (measured.length < 2) return []
  const best = measured.reduce((least, one) => (mean(one.values) < mean(least.values) ? one : least))
  const others = measured.filter((one) => one !== best)
  const tests = others.map((other) =>
    pairedTest(
      other.values.map((value, seed) => value - best.values[seed]),
      other.varies || best.varies,
    ),
  )
  const holm = holmCorrected(tests.map(({ p }) => p))
  return others.map((other, i): Contrast => {
    const { difference, interval, p, allEqual } = tests[i]
    const corrected = holm[i]
    return {
      measure,
      best: best.combination,
      other: other.combination,
      seeds: other.values.length,
      difference,
      interval,
      p,
      holm: corrected,
      verdict: verdictOf(allEqual, corrected),
    }
  })
}

/** What a difference may be called, given its p after correction; null where no seed can move it. */
export function verdictOf(allEqual: boolean, corrected: number | null): Contrast['verdict'] {
  if (allEqual) return 'equal'
  return corrected === null ? 'deterministic' : corrected < 0.05 ? 'better' : 'noise'
}

interface PairedTest {
  readonly difference: number
  readonly interval: readonly [number, number] | null
  readonly p: number | null
  readonly allEqual: boolean
}

/**
 * Student's paired t test. One seed, or differences that no seed can move, give no interval. Where all seeds give the very
 * same difference t is infinite, and the sign test's 2^(1−n) is taken instead, so that two equal seeds prove nothing.
 */
export function pairedTest(differences: readonly number[], varies: boolean): PairedTest {
  // Seeds that agree but for rounding agree: their mean need not be any of them to the last bit.
  const largest = Math.max(...differences.map(Math.abs))
  const isSame = differences.every((d) => Math.abs(d - differences[0]) <= 1e-12 * largest)
  const difference = isSame ? differences[0] : mean(differences)
  const allEqual = differences.every((d) => d === 0)
  const n = differences.length
  if (!varies) return { difference, interval: null, p: null, allEqual }
  if (n < 2) return { difference, interval: null, p: 1, allEqual }
  const variance = differences.reduce((sum, d) => sum + (d - difference) ** 2, 0) / (n - 1)
  const error = isSame ? 0 : Math.sqrt(variance / n)
  const half = jStat.studentt.inv(0.975, n - 1) * error
  const interval = [difference - half, difference + half] as const
  if (error === 0) return { difference, interval, p: difference === 0 ? 1 : 2 ** (1 - n), allEqual }
  const p = 2 * (1 - jStat.studentt.cdf(Math.abs(difference / error), n - 1))
  return { difference, interval, p: Math.min(1, Math.max(0, p)), allEqual }
}

/** Holm's step-down correction (1979); what has no p keeps none. */
export function holmCorrected(p: readonly (number | null)[]): readonly (number | null)[] {
  const order = p.flatMap((value, i) => (value === null ? [] : [{ value, i }])).sort((a, b) => a.value - b.value || a.i - b.i)
  const corrected: (number | null)[] = p.map(() => null)
  let largest = 0
  for (const [rank, { value, i }] of order.entries()) {
    largest = Math.max(largest, Math.min(1, (order.length - rank) * value))
    corrected[i] = largest
  }
  return corrected
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
