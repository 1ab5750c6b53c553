import type { Comparison } from '../../experiments/index.ts'
import { commonParts } from '../label.ts'
import { table } from '../table.ts'
import { htmlTable } from './html-table.ts'

/** Every combination, best first. */
export function comparisonTable(comparison: Comparison): string {
  const common = commonParts(comparison.rows)
  return htmlTable(table(comparison), 'All combinations', common.length > 0 ? `The same for all: ${common.join(', ')}.` : '')
}
