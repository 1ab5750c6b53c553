import type { PackingPolicy } from '../../sim/index.ts'

/** The first machine in row order with room, whatever the run's tie-break (Johnson, 1973). */
export const firstFit: PackingPolicy = {
  sentence: 'Takes the first machine with room.',
  source: 'Johnson, "Near-optimal bin packing algorithms" (MIT, 1973)',
  ties: 'lowest-id',
  order: 'none',
  create: () => ({ score: () => 0 }),
}
