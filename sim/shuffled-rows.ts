import type { RandomStream } from './random-stream.ts'

/** The numbers 0 … count − 1 in a random order (Fisher–Yates): one draw a number but the first. */
export function shuffledRows(count: number, draw: RandomStream): Int32Array {
  const rows = Int32Array.from({ length: count }, (_, row) => row)
  for (let i = count - 1; i > 0; i--) {
    const j = Math.floor(draw() * (i + 1))
    const swapped = rows[i]
    rows[i] = rows[j]
    rows[j] = swapped
  }
  return rows
}
