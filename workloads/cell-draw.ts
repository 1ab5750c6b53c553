import type { DeckFigures, Profile, ShapeCount } from './profile.ts'

/** What is drawn from, and for how large a cell. */
export interface CellDraw {
  readonly profile: Profile
  /** The profile's deck, cut to the cell. */
  readonly jobs: DeckFigures
  readonly machines: readonly ShapeCount[]
  readonly end: number
  readonly seed: number
  /** Times the arrivals of the whole cell. */
  readonly rate: number
  readonly target: number
}
