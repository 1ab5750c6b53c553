import { stringify } from 'csv-stringify/sync'
import type { Filling } from '../experiments/index.ts'

const COLUMNS = [
  'list',
  'policy',
  'tie',
  'seed',
  'arrived_percent',
  'allocated_percent',
  'fragmentation_ratio_percent',
  'fragmentation_percent',
  'failed_tasks',
] as const

/** A row a (list, policy, tie, seed, percent of the cell that was asked for); what does not apply is empty. */
export function fillCsv({ runs }: Filling): string {
  const rows = runs.flatMap(({ list, packing, tie, seed, curve }) =>
    curve.allocated.map((allocated, percent) => [
      ...[list, packing, tie, seed, percent, allocated],
      ...[curve.fragmentationRatio[percent] ?? '', curve.fragmentation[percent] ?? '', curve.failed[percent]],
    ]),
  )
  // A name that begins like a formula would be run by a spreadsheet that opens the file.
  return stringify([[...COLUMNS], ...rows], { escape_formulas: true })
}
