import type { ShapePoint } from './profile.ts'

/** The curve through the points, flat beyond the ends; in whole numbers, truncated toward 0. Points ascend in utilisation. */
export function brokenLinear(shape: readonly ShapePoint[]): (utilization: number) => number {
  return (utilization) => {
    const i = shape.findIndex((point) => utilization <= point.utilization)
    if (i === 0) return shape[0].score
    if (i < 0) return shape[shape.length - 1].score
    const [before, after] = [shape[i - 1], shape[i]]
    const rise = (after.score - before.score) * (utilization - before.utilization)
    return before.score + Math.trunc(rise / (after.utilization - before.utilization))
  }
}
