import type { Comparison } from '../experiments/index.ts'

/** The resources that some run measured something of, in the trace's order: one that nobody requests is not worth a panel. */
export const usedResources = (comparison: Comparison): string[] =>
  comparison.trace.resources
    .map((resource) => resource.name)
    .filter((name) => comparison.rows.some(({ result }) => (result.utilisation[name]?.peak ?? 0) > 0))
