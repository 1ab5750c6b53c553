import { WIDE } from './theme.ts'

/** Panels of bars that share their list of combinations: side by side where there is room, one below the other on a telephone. */
export interface Panels {
  readonly direction: 'column' | 'row'
  /** Width of one panel, and of the labels left of them. */
  readonly width: number
  readonly labelLimit: number
}

/** Lays out so many panels next to labels of these lengths. */
export function panels(count: number, labels: readonly string[], width = WIDE): Panels {
  const direction = width < WIDE / 2 || count > 4 ? 'row' : 'column'
  const columns = direction === 'row' ? 1 : count
  const labelLimit = Math.round(Math.min(width * 0.38, 12 + 6.8 * Math.max(0, ...labels.map((label) => label.length))))
  return { direction, labelLimit, width: Math.floor((width - labelLimit - 28 * (columns - 1)) / columns) - 16 }
}
