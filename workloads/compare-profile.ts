import type { Trace } from '../sim/index.ts'
import { generateTrace } from './generate-trace.ts'
import { type MarginalDistances, type Marginals, marginalDistances, marginalsOf } from './marginals.ts'
import { type ProfileName, profiles } from './profiles.ts'

export interface ProfileComparison {
  readonly real: Marginals
  readonly generated: Marginals
  /** Kolmogorov–Smirnov distances by marginal. */
  readonly distances: MarginalDistances
  /** Generated less real Spearman correlation. */
  readonly drifts: Readonly<Record<string, number>>
}

/** Which epoch is the source's window, and up to which run time, microseconds, the source lets run times be compared. */
const WINDOWS: Readonly<Record<ProfileName, { readonly epoch: number; readonly horizon: number }>> = {
  // The slice is part 1 of parts 0 to 499. Its largest job, a ninth of the tasks, is watched for 38 minutes and has hardly begun to end.
  'google-2011': { epoch: 1, horizon: 1800e6 },
  openb: { epoch: 0, horizon: Number.POSITIVE_INFINITY },
}

/**
 * Holds what a profile generates at full size against the trace it was fitted to: the jobs that arrive in the same window of each. Runs of
 * the generated jobs are watched for two windows more (`cut: false`) or only to the window's end, as the real ones are.
 */
export function compareProfile(
  name: ProfileName,
  trace: Trace,
  { seed, cut = false }: { readonly seed: number; readonly cut?: boolean },
): ProfileComparison {
  const { length } = profiles[name].epoch
  const { epoch, horizon } = WINDOWS[name]
  const from = epoch * length
  const to = from + length
  const end = cut || name === 'openb' ? to : to + 2 * length
  const real = marginalsOf(trace)
  const generated = marginalsOf(generateTrace(name, { days: end / 86_400e6, seed, target: 0 }), { from, to, until: end })
  const drifts = Object.entries(real.correlations).map(([pair, value]) => [pair, generated.correlations[pair] - value] as const)
  return { real, generated, distances: marginalDistances(real, generated, horizon), drifts: Object.fromEntries(drifts) }
}
