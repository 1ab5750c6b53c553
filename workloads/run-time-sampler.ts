import type { RandomStream } from '../sim/index.ts'
import type { RunTimeFigures, TailFigures } from './profile.ts'

const CELLS = 1024

/** Draws run times of one kind, and what is left of them in a cell that has run for long. All microseconds. */
export interface RunTimeSampler {
  readonly mean: number
  draw(random: RandomStream): number
  /** What remains of a run that is met on a machine: the equilibrium residual life of renewal theory. */
  drawRemaining(random: RandomStream): number
}

/** Turns a survival curve into tables, so that a draw is one look-up. */
export function runTimeSampler({ time, survival }: Pick<RunTimeFigures, 'time' | 'survival'>, tail: TailFigures): RunTimeSampler {
  const last = time.length - 1
  const known = 1 - survival[last]
  const inverse = inverseTable(time, survival, known)
  const beyond = (lasting: number) => Math.min(tail.longest, time[last] * (survival[last] / lasting) ** (1 / tail.exponent))
  const { points, area } = areaUnder(time, survival, tail)
  const mean = area[area.length - 1]
  return {
    mean,
    draw(random) {
      const u = random()
      if (u >= known) return Math.ceil(beyond(1 - u))
      const at = (u / known) * CELLS
      const cell = at | 0
      return Math.ceil(inverse[cell] + (inverse[cell + 1] - inverse[cell]) * (at - cell))
    },
    drawRemaining(random) {
      const wanted = random() * mean
      let low = 1
      let high = area.length - 1
      while (low < high) {
        const middle = (low + high) >> 1
        if (area[middle] < wanted) low = middle + 1
        else high = middle
      }
      const part = (wanted - area[low - 1]) / (area[low] - area[low - 1])
      return Math.ceil(points[low - 1] + part * (points[low] - points[low - 1])) || 1
    },
  }
}

/** Times at which 0, 1/1024, 2/1024 … of the `known` share have ended. */
function inverseTable(time: readonly number[], survival: readonly number[], known: number): Float64Array {
  const table = new Float64Array(CELLS + 1)
  for (let cell = 0, knot = 1; cell <= CELLS; cell++) {
    const ended = (cell / CELLS) * known
    while (knot < time.length - 1 && 1 - survival[knot] < ended) knot++
    const drop = survival[knot - 1] - survival[knot]
    const part = drop > 0 ? Math.min(1, Math.max(0, (survival[knot - 1] - 1 + ended) / drop)) : 0
    table[cell] = Math.max(1, time[knot - 1] + part * (time[knot] - time[knot - 1]))
  }
  return table
}

/** The integral of the survival curve up to each of many points: its last value is the mean run time. */
function areaUnder(time: readonly number[], survival: readonly number[], tail: TailFigures) {
  const points = [...time]
  const lasting = [...survival]
  const last = time[time.length - 1]
  const left = survival[survival.length - 1]
  if (left > 0) {
    const steps = 400
    for (let step = 1; step <= steps; step++) {
      const at = last * (Math.max(last, tail.longest) / last) ** (step / steps)
      points.push(at)
      lasting.push(left * (last / at) ** tail.exponent)
    }
  }
  const area = new Float64Array(points.length)
  for (let i = 1; i < points.length; i++) area[i] = area[i - 1] + ((lasting[i] + lasting[i - 1]) / 2) * (points[i] - points[i - 1])
  return { points, area }
}
