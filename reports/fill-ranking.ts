import type { FillContrast, Filling, FillRun } from '../experiments/index.ts'

/** One policy on one list under one tie-break, with all its seeds. */
export interface FilledBy {
  readonly list: string
  readonly tie: string
  readonly packing: string
  /** What to call it among the others: the policy, and its list and tie-break where those differ. */
  readonly label: string
  readonly runs: readonly FillRun[]
  /** Against the best at each percent of the filling; null where it is the best, or alone. */
  readonly contrasts: readonly (FillContrast | null)[]
}

/** The policies in the order of lists and tie-breaks as asked, within each by what they allocate at the last percent, best first. */
export function fillRanking({ runs, percents, contrasts }: Filling): readonly FilledBy[] {
  const lists = [...new Set(runs.map(({ list }) => list))]
  const ties = [...new Set(runs.map(({ tie }) => tie))]
  const last = percents[percents.length - 1]
  return lists.flatMap((list) =>
    ties.flatMap((tie) => {
      const here = runs.filter((run) => run.list === list && run.tie === tie)
      const filled = [...new Set(here.map(({ packing }) => packing))].map((packing): FilledBy => {
        const more = [...(lists.length > 1 ? [list] : []), ...(ties.length > 1 ? [tie] : [])]
        return {
          list,
          tie,
          packing,
          label: more.length > 0 ? `${packing} (${more.join(', ')})` : packing,
          runs: here.filter((run) => run.packing === packing),
          contrasts: percents.map(
            (percent) =>
              contrasts.find((one) => one.list === list && one.tie === tie && one.percent === percent && one.other === packing) ?? null,
          ),
        }
      })
      return filled.sort((a, b) => meanAt(b.runs, 'allocated', last) - meanAt(a.runs, 'allocated', last))
    }),
  )
}

export type FillMeasure = 'allocated' | 'fragmentationRatio' | 'fragmentation' | 'failed'

/** The mean over seeds at one percent. */
export function meanAt(runs: readonly FillRun[], measure: FillMeasure, percent: number): number {
  return runs.reduce((sum, { curve }) => sum + curve[measure][percent], 0) / runs.length
}
