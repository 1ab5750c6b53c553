/** kube-scheduler's DefaultNormalizeScore: the share of the largest, in whole hundredths; where all are 0 they stay 0. */
export function shareOfMost(score: number, _least: number, most: number): number {
  return most === 0 ? 0 : Math.trunc((100 * score) / most)
}

/** The same, where less is better; where all are 0, all get 100. */
export function reverseShareOfMost(score: number, least: number, most: number): number {
  return most === 0 ? 100 : 100 - shareOfMost(score, least, most)
}
