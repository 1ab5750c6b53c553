import type { AdmissionPolicy } from '../../sim/index.ts'

/** Every job enters at once. */
export const admitAll: AdmissionPolicy = {
  sentence: 'Admits every job.',
  source: 'baseline',
  create: () => ({ ask: () => 'admit' }),
}
