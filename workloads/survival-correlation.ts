import type { SurvivalCurve } from './kaplan-meier.ts'

/** Things with one value in common: how many, and how long they last. */
export interface SurvivalGroup {
  readonly value: number
  readonly weight: number
  readonly curve: SurvivalCurve
}

/**
 * Spearman's rank correlation of the groups' value with how long their members last, where what lasts beyond `horizon` ties there. By
 * the survival curves, so that members whose end was not seen count too.
 */
export function survivalCorrelation(groups: readonly SurvivalGroup[], horizon: number): number {
  const points = groups.flatMap(({ value, weight, curve }) => {
    const inside = curve.time.filter((time) => time <= horizon).length
    const masses = Array.from({ length: inside }, (_, i) => ({
      value,
      time: curve.time[i],
      weight: weight * ((i === 0 ? 1 : curve.survival[i - 1]) - curve.survival[i]),
    }))
    return [...masses, { value, time: horizon, weight: weight * (inside === 0 ? 1 : curve.survival[inside - 1]) }]
  })
  const byValue = middleRanks(points.map((point) => ({ at: point.value, weight: point.weight })))
  const byTime = middleRanks(points.map((point) => ({ at: point.time, weight: point.weight })))
  let both = 0
  let first = 0
  let second = 0
  for (const { value, time, weight } of points) {
    const x = (byValue.get(value) ?? 0) - 0.5
    const y = (byTime.get(time) ?? 0) - 0.5
    both += weight * x * y
    first += weight * x * x
    second += weight * y * y
  }
  return both / Math.sqrt(first * second)
}

/** Each value's rank as a share of the whole weight, ties by their middle. */
function middleRanks(points: readonly { readonly at: number; readonly weight: number }[]): Map<number, number> {
  const total = points.reduce((sum, { weight }) => sum + weight, 0)
  const ranks = new Map<number, number>()
  let below = 0
  const sorted = [...Map.groupBy(points, ({ at }) => at)].sort((a, b) => a[0] - b[0])
  for (const [at, members] of sorted) {
    const here = members.reduce((sum, { weight }) => sum + weight, 0)
    ranks.set(at, (below + here / 2) / total)
    below += here
  }
  return ranks
}
