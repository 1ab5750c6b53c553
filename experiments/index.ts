export { type Compared, type CompareHooks, compare, type KeptAnswers, type Timing } from './compare.ts'
export type {
  Combination,
  Comparison,
  ComparisonOptions,
  Contrast,
  MachinesNeeded,
  MachinesNeededTrial,
  Row,
  TraceSummary,
} from './comparison.ts'
export { contrasts, holmCorrected, pairedTest } from './contrast.ts'
export { type Allowances, machinesNeeded } from './machines-needed.ts'
export { peakSet } from './peak-set.ts'
export { AS_RECORDED, type RunPlan, simulationOptions } from './run-plan.ts'
export { followRecipe, seedMoves, type TraceRecipe } from './trace-recipe.ts'
