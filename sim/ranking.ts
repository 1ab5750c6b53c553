/** Where a class has room, and how good each machine is. Scores are in the order of the machines. */
export interface Ranking {
  readonly machines: Int32Array
  readonly scores: Float64Array
  /** By the name of the term; what adds nothing to any machine at this decision is not there. */
  readonly terms: ReadonlyMap<string, Float64Array>
}
