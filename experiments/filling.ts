import type { ComparisonOptions } from './comparison.ts'
import { holmCorrected, mean, pairedTest, verdictOf } from './contrast.ts'
import type { FillPlan, FillRun } from './fill.ts'

/** What `results.json` of a fill holds: everything a report needs, with what made it. Plain data, the same bytes for the same input and seeds. */
export interface Filling {
  readonly stowage: string
  readonly command: 'fill'
  readonly trace: {
    readonly path: string
    readonly format: string
    readonly machines: number
    /** What is counted, and how much of it the cell has, in what people count. */
    readonly resource: string
    readonly capacity: number
    readonly lists: readonly { readonly name: string; readonly tasks: number }[]
  }
  readonly options: ComparisonOptions
  /** The percents of the cell, requested, at which policies are contrasted. */
  readonly percents: readonly number[]
  /** What the parts of each curve's `byCause` are. */
  readonly causes: readonly string[]
  readonly runs: readonly FillRun[]
  readonly contrasts: readonly FillContrast[]
}

/** A policy against the one that allocates most, at one list, tie-break and percent: difference = best − this, paired by seed. */
export interface FillContrast {
  readonly list: string
  readonly tie: string
  readonly percent: number
  readonly best: string
  readonly other: string
  readonly difference: number
  /** 95 % t interval; null where seeds move nothing. */
  readonly interval: readonly [number, number] | null
  /** Two-sided, after Holm's correction over all contrasts of the fill. */
  readonly holm: number | null
  readonly verdict: 'better' | 'noise' | 'equal' | 'deterministic'
}

/** Every policy against the best of its list, tie-break and percent. */
export function fillContrasts(plan: FillPlan, runs: readonly FillRun[], percents: readonly number[]): readonly FillContrast[] {
  const tests = plan.lists.flatMap(({ name: list }) =>
    plan.ties.flatMap((tie) =>
      percents.flatMap((percent) => {
        const measured = plan.packing.map((packing) => ({
          packing,
          values: runs
            .filter((run) => run.list === list && run.tie === tie && run.packing === packing)
            .map(({ curve }) => curve.allocated[percent]),
        }))
        const best = measured.reduce((most, one) => (mean(one.values) > mean(most.values) ? one : most))
        return measured
          .filter((one) => one !== best)
          .map((other) => ({
            ...{ list, tie, percent, best: best.packing, other: other.packing },
            ...pairedTest(
              best.values.map((value, seed) => value - other.values[seed]),
              true,
            ),
          }))
      }),
    ),
  )
  const holm = holmCorrected(tests.map(({ p }) => p))
  return tests.map(({ allEqual, p: _, ...test }, i) => ({ ...test, holm: holm[i], verdict: verdictOf(allEqual, holm[i]) }))
}
