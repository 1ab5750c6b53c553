/** What one measurement did, and how long that took. */
export interface Measured {
  readonly unit: 'placements' | 'events' | 'rows'
  readonly count: number
  readonly seconds: number
  /** Further figures by name. */
  readonly more?: Readonly<Record<string, number>>
}

/** The same in the words of the printed JSON, with what the whole process took. */
export type Sample = Readonly<Record<string, number>>
