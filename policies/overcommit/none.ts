import type { OvercommitPolicy } from '../../sim/index.ts'

/** Tasks need what they request. */
export const none: OvercommitPolicy = {
  sentence: 'Counts every request in full.',
  source: 'baseline',
  create: () => null,
}
