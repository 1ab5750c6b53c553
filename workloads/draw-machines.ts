import { randomStream } from '../sim/index.ts'
import type { Profile, ShapeCount } from './profile.ts'

/** The cell's machines: the profile's shapes in proportion, by largest remainder, in an order shuffled by the seed. */
export function drawMachines({ machines: shapes }: Pick<Profile, 'machines'>, count: number, seed: number): ShapeCount[] {
  const total = shapes.reduce((sum, shape) => sum + shape.count, 0)
  const due = shapes.map((shape) => (shape.count * count) / total)
  const given = due.map(Math.floor)
  const missing = count - given.reduce((sum, n) => sum + n, 0)
  const byRemainder = [...due.keys()].sort((a, b) => due[b] - given[b] - (due[a] - given[a]) || a - b)
  for (const shape of byRemainder.slice(0, missing)) given[shape]++
  const random = randomStream(seed, 'profile machines')
  return shapes
    .flatMap((shape, row) => Array.from({ length: given[row] }, () => ({ shape, at: random() })))
    .sort((a, b) => a.at - b.at)
    .map(({ shape }) => shape)
}
