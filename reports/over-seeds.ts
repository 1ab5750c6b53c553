import type { Row } from '../experiments/index.ts'

/** Mean, least and most of one measure over the seeds of a combination. */
export interface OverSeeds {
  readonly mean: number
  readonly min: number
  readonly max: number
}

/** Null where no seed has the measure. */
export function overSeeds(rows: readonly Row[], measure: (row: Row) => number | null | undefined): OverSeeds | null {
  const values = rows.map(measure).filter((value): value is number => typeof value === 'number' && Number.isFinite(value))
  if (values.length === 0) return null
  return { mean: values.reduce((sum, value) => sum + value, 0) / values.length, min: Math.min(...values), max: Math.max(...values) }
}

export const meanOver = (rows: readonly Row[], measure: (row: Row) => number | null | undefined): number | null =>
  overSeeds(rows, measure)?.mean ?? null
