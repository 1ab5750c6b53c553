import type { PackingPolicy } from '../../sim/index.ts'

/** Any machine with room, uniformly: one draw a decision. */
export const random: PackingPolicy = {
  sentence: 'Takes any machine with room, each equally likely.',
  source: 'baseline',
  ties: 'random',
  order: 'none',
  create: () => ({ score: () => 0 }),
}
