/** A survival curve: `survival[i]` is the share that lasts longer than `time[i]`; it is 1 before the first time. */
export interface SurvivalCurve {
  /** Ascending: the times at which something ended. */
  readonly time: Float64Array
  readonly survival: Float64Array
  /** How many were still watched just before each time. */
  readonly atRisk: Float64Array
  /** The longest time that anything was watched. */
  readonly watched: number
}

/**
 * The product-limit estimate of how long things last when some were still lasting when the watching stopped. An end and
 * a stop at the same time: the end comes first. Source: Kaplan and Meier, JASA 53 (1958).
 */
export function kaplanMeier(times: ArrayLike<number>, ended: ArrayLike<boolean | number>): SurvivalCurve {
  const order = Uint32Array.from(times, (_, row) => row).sort((a, b) => times[a] - times[b])
  const time: number[] = []
  const survival: number[] = []
  const atRisk: number[] = []
  let lasting = 1
  for (let i = 0; i < order.length; ) {
    const now = times[order[i]]
    const risk = order.length - i
    let ends = 0
    for (; i < order.length && times[order[i]] === now; i++) if (ended[order[i]]) ends++
    if (ends === 0) continue
    lasting *= 1 - ends / risk
    time.push(now)
    survival.push(lasting)
    atRisk.push(risk)
  }
  return {
    time: Float64Array.from(time),
    survival: Float64Array.from(survival),
    atRisk: Float64Array.from(atRisk),
    watched: order.length > 0 ? times[order[order.length - 1]] : 0,
  }
}

/** The share that lasts longer than `time`. */
export function survivalAt(curve: SurvivalCurve, time: number): number {
  let low = 0
  let high = curve.time.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (curve.time[middle] <= time) low = middle + 1
    else high = middle
  }
  return low === 0 ? 1 : curve.survival[low - 1]
}
