import { float64 } from './column.ts'
import type { Distribution } from './run-result.ts'

/** Points of a drawn cumulative curve. */
const CURVE_POINTS = 60

/**
 * Values of which most equal one common value (a wait of 0, a slowdown of 1): those are only counted, so memory follows the
 * ones that differ. Percentiles are by nearest rank.
 */
export class Sample {
  private readonly common: number
  private commonCount = 0
  private readonly others = float64()

  constructor(common: number) {
    this.common = common
  }

  add(value: number): void {
    if (value === this.common) this.commonCount++
    else this.others.push(value)
  }

  /** The common value must be the least. `censoredSum`: what those that are not in it had come to so far. */
  distribution(censored: number, censoredSum = 0): Distribution {
    const sorted = this.others.done().sort()
    const { common, commonCount } = this
    const count = commonCount + sorted.length
    if (count === 0)
      return {
        count,
        censored,
        mean: 0,
        meanAtLeast: censoredSum / Math.max(1, censored),
        p50: 0,
        p90: 0,
        p99: 0,
        max: 0,
        curve: { value: [], share: [] },
      }
    let sum = common * commonCount
    for (const value of sorted) sum += value
    const ranked = (rank: number) => (rank <= commonCount ? common : sorted[rank - commonCount - 1])
    const percentile = (share: number) => ranked(Math.max(1, Math.ceil(share * count)))
    const curve = { value: [] as number[], share: [] as number[] }
    const draw = (rank: number) => {
      const value = ranked(rank)
      const last = curve.value.length - 1
      if (curve.value[last] === value) curve.share[last] = rank / count
      else {
        curve.value.push(value)
        curve.share.push(rank / count)
      }
    }
    if (commonCount > 0) draw(commonCount)
    for (let i = 1; i <= CURVE_POINTS; i++) draw(Math.max(1, commonCount + Math.ceil((i / CURVE_POINTS) * sorted.length)))
    return {
      count,
      censored,
      mean: sum / count,
      meanAtLeast: (sum + censoredSum) / (count + censored),
      p50: percentile(0.5),
      p90: percentile(0.9),
      p99: percentile(0.99),
      max: ranked(count),
      curve,
    }
  }
}
