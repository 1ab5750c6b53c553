import type { Combination, Comparison, Contrast, MachinesNeeded, Row } from '../experiments/index.ts'
import { combinationKey, labels } from './label.ts'
import { meanOver } from './over-seeds.ts'

/** One combination with everything that a report says of it. */
export interface Ranked {
  readonly label: string
  readonly combination: Combination
  /** In the order of the seeds; never empty. The first is the one whose lines and distributions are drawn. */
  readonly rows: readonly [Row, ...Row[]]
  readonly machinesNeeded: MachinesNeeded | null
  /** What its tasks fit or did not fit: the whole cell, or clones of it where machines needed could draw on those. */
  readonly cellName: 'the whole cell' | 'the cloned cell'
  /** Against the best; null for the best itself, and where there is nothing to compare. */
  readonly contrast: Contrast | null
}

/** Whether machines needed decides: it was asked for, and some combination always fits. Else the mean wait does. */
export function decidedByMachines({ machinesNeeded }: Comparison): boolean {
  return machinesNeeded.some(({ p90 }) => p90 !== null)
}

/** The combinations, best first: by machines needed where that decides, else by mean wait, those still waiting counted in. */
export function ranking(comparison: Comparison): Ranked[] {
  const grouped = new Map<string, [Row, ...Row[]]>()
  for (const row of comparison.rows) {
    const key = combinationKey(row)
    const group = grouped.get(key)
    if (group === undefined) grouped.set(key, [row])
    else group.push(row)
  }
  const name = labels([...grouped.values()].map(([row]) => row))
  const cellName = drewOnClones(comparison) ? 'the cloned cell' : 'the whole cell'
  const entries = [...grouped].map(([key, rows]): Ranked => {
    const same = (combination: Combination) => combinationKey(combination) === key
    const [{ admission, packing, overcommit }] = rows
    return {
      label: name(rows[0]),
      combination: { admission, packing, overcommit },
      rows,
      machinesNeeded: comparison.machinesNeeded.find(same) ?? null,
      cellName,
      contrast: comparison.contrasts.find((contrast) => same(contrast.other)) ?? null,
    }
  })
  const best = comparison.contrasts[0]?.best
  const order = (entry: Ranked): number[] => [
    best !== undefined && combinationKey(entry.combination) === combinationKey(best) ? 0 : 1,
    ...(decidedByMachines(comparison)
      ? [entry.machinesNeeded?.p90 ?? Infinity, entry.machinesNeeded?.mean ?? Infinity]
      : [meanOver(entry.rows, (row) => row.result.wait.all?.meanAtLeast ?? null) ?? Infinity]),
  ]
  return entries
    .map((entry) => ({ entry, order: order(entry) }))
    .sort((a, b) => byFirstDifference(a.order, b.order))
    .map(({ entry }) => entry)
}

function drewOnClones({ options, rows, machinesNeeded }: Comparison): boolean {
  const cell = Math.max(0, ...rows.map((row) => row.result.machines))
  return Number(options.clones ?? 1) > 1 || machinesNeeded.some(({ trials }) => trials.some(({ machines }) => (machines ?? 0) > cell))
}

function byFirstDifference(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((value, i) => value !== b[i])
  return at < 0 ? 0 : (a[at] ?? 0) < (b[at] ?? 0) ? -1 : 1
}
