import { type SurvivalCurve, survivalAt } from './kaplan-meier.ts'

/** The two-sample Kolmogorov–Smirnov distance: the furthest that the two samples' distributions are apart, from 0 to 1. */
export function kolmogorovSmirnov(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const first = Float64Array.from(a).sort()
  const second = Float64Array.from(b).sort()
  let furthest = 0
  for (let i = 0, j = 0; i < first.length && j < second.length; ) {
    const value = Math.min(first[i], second[j])
    while (i < first.length && first[i] === value) i++
    while (j < second.length && second[j] === value) j++
    furthest = Math.max(furthest, Math.abs(i / first.length - j / second.length))
  }
  return furthest
}

/** The same distance between two survival curves, up to `horizon` and as far as both have at least `atRisk` things still watched. */
export function survivalDistance(
  a: SurvivalCurve,
  b: SurvivalCurve,
  { horizon, atRisk: least }: { readonly horizon: number; readonly atRisk: number },
): number {
  const until = Math.min(horizon, ...[a, b].map(({ time, atRisk: risk }) => time.findLast((_, i) => risk[i] >= least) ?? 0))
  const times = [...a.time, ...b.time].filter((time) => time <= until)
  return times.reduce((furthest, time) => Math.max(furthest, Math.abs(survivalAt(a, time) - survivalAt(b, time))), 0)
}
