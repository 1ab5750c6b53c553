import type { BaseFigures, ClassFigures } from './profile.ts'

/** A part of the base: which tiers it is of, and how much it is to request of the first resource and of the second. */
export interface BaseMix {
  readonly of: string
  readonly isMember: (tier: number) => boolean
  readonly amount: number
  readonly other: number
}

/**
 * Weights for the classes of the tasks that were in the cell before the window opened, so that each part requests its two amounts.
 * A class that has more of the second resource for its share of the first gains or loses by an exponential tilt, which keeps every class.
 */
export function mixBase(classes: ClassFigures, mixes: readonly BaseMix[]): BaseFigures['parts'] {
  const total = mixes.reduce((sum, mix) => sum + Math.max(0, mix.amount), 0)
  return mixes
    .filter(({ amount }) => amount > 0)
    .map((mix) => {
      const rows = [...classes.tier.keys()].filter(
        (row) => mix.isMember(classes.tier[row]) && classes.standing[row] > 0 && classes.request[0][row] > 0,
      )
      const weight = tilt(classes, rows, mix.other / mix.amount)
      return { of: mix.of, share: round(mix.amount / total), class: rows, weight: weight.map(round) }
    })
}

function tilt({ request, standing }: ClassFigures, rows: readonly number[], wanted: number): number[] {
  const [first, second] = request
  // Between 0 (all of the first resource) and 1, so that the tilt has the same strength for every class.
  const lean = rows.map((row) => second[row] / (first[row] + second[row]))
  const weigh = (strength: number) => rows.map((row, i) => standing[row] * Math.exp(strength * lean[i]))
  const ratio = (weight: readonly number[]) => dot(weight, rows, second) / dot(weight, rows, first)
  let low = -20
  let high = 20
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2
    if (ratio(weigh(middle)) < wanted) low = middle
    else high = middle
  }
  const weight = weigh(high)
  const sum = weight.reduce((total, w) => total + w, 0)
  return weight.map((w) => w / sum)
}

function dot(weight: readonly number[], rows: readonly number[], column: readonly number[]): number {
  return rows.reduce((sum, row, i) => sum + weight[i] * column[row], 0)
}

function round(value: number): number {
  return Number(value.toPrecision(6))
}
