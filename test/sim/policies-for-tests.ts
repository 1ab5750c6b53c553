import { admissionPolicies, overcommitPolicies, packingPolicies, parsePolicy } from '../../policies/index.ts'
import type { SimulateOptions } from '../../sim/index.ts'

/** Options for a run by policy names, checked after every event. */
export function options(
  packing: string,
  over: Partial<SimulateOptions> = {},
  names: { admission?: string; overcommit?: string } = {},
): SimulateOptions {
  return {
    packing: parsePolicy('packing', packingPolicies, packing),
    admission: parsePolicy('admission', admissionPolicies, names.admission ?? 'admit-all'),
    overcommit: parsePolicy('overcommit', overcommitPolicies, names.overcommit ?? 'none'),
    tie: 'lowest-id',
    preemption: 'none',
    scoreStep: 0,
    seed: 1,
    warmUp: 0,
    picture: false,
    check: true,
    ...over,
  }
}
