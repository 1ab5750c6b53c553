import type { RandomStream } from '../sim/index.ts'

const GOLDEN = (Math.sqrt(5) - 1) / 2

/**
 * Draws rows by weight at equal steps from one random start, then shuffled: each row comes its due number of times, rounded up or down.
 * Unbiased, and far steadier than independent draws where one row has much of what is drawn. Source: Madow, 1949.
 */
export class SystematicDraw {
  readonly total: number
  private readonly upTo: Float64Array
  private readonly random: RandomStream
  private start: number

  constructor(weights: ArrayLike<number>, random: RandomStream) {
    this.random = random
    this.start = random()
    this.upTo = new Float64Array(weights.length)
    let sum = 0
    for (let row = 0; row < weights.length; row++) {
      sum += weights[row]
      this.upTo[row] = sum
    }
    this.total = sum
  }

  draw(count: number): Int32Array {
    const rows = new Int32Array(count)
    const { upTo, total } = this
    const step = total / count
    // Starts that step by the golden ratio lie evenly, so that many small draws together are as steady as a large one.
    this.start = (this.start + GOLDEN) % 1
    const start = this.start * step
    const last = upTo.length - 1
    for (let i = 0, row = 0; i < count; i++) {
      const at = start + i * step
      while (row < last && upTo[row] <= at) row++
      rows[i] = row
    }
    return shuffle(rows, this.random)
  }
}

function shuffle(rows: Int32Array, random: RandomStream): Int32Array {
  for (let i = rows.length - 1; i > 0; i--) {
    const other = Math.floor(random() * (i + 1))
    const kept = rows[i]
    rows[i] = rows[other]
    rows[other] = kept
  }
  return rows
}
