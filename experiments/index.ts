export { type Compared, compare, type Timing } from './compare.ts'
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
export { contrasts, holmCorrected, mean, pairedTest } from './contrast.ts'
export { type FillPlan, type FillRun, fill } from './fill.ts'
export { type FillCurve, type FillOptions, fillCell } from './fill-cell.ts'
export { type FillContrast, type Filling, fillContrasts } from './filling.ts'
export { type Allowances, machinesNeeded } from './machines-needed.ts'
export { peakSet } from './peak-set.ts'
export type { KeptAnswers, RunHooks } from './run-all.ts'
export { AS_RECORDED, type RunPlan, seenTrace, simulationOptions } from './run-plan.ts'
export type { RunAnswer } from './run-worker.ts'
export { followRecipe, seedMoves, streamRecipe, type TraceRecipe } from './trace-recipe.ts'
