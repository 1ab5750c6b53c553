/** The score of a machine without room. */
export const NO_ROOM = Number.NEGATIVE_INFINITY

/**
 * A tournament over scores by place: the root knows the highest and how many have it, so that the k-th of the best is found
 * in as many steps as the tree is deep, and a changed score is carried up only as far as it changes the winner.
 */
export class ScoreTree {
  /** Node i has children 2i and 2i + 1; leaves begin at `leaves`. */
  private readonly highest: Float64Array
  private readonly count: Int32Array
  private readonly leaves: number
  /** By place. */
  readonly scores: Float64Array

  constructor(places: number) {
    this.leaves = 2 ** Math.ceil(Math.log2(Math.max(1, places)))
    this.highest = new Float64Array(2 * this.leaves).fill(NO_ROOM)
    this.count = new Int32Array(2 * this.leaves).fill(1, this.leaves)
    this.scores = this.highest.subarray(this.leaves, this.leaves + places)
  }

  /** Bytes of a tree of so many places. */
  static bytes(places: number): number {
    return 24 * 2 ** Math.ceil(Math.log2(Math.max(1, places)))
  }

  /** How many places have the highest score; 0 where none has room. */
  get best(): number {
    return this.highest[1] === NO_ROOM ? 0 : this.count[1]
  }

  set(place: number, score: number): void {
    const { highest, count } = this
    let node = this.leaves + place
    if (highest[node] === score) return
    highest[node] = score
    for (node >>= 1; node > 0; node >>= 1) {
      const left = highest[2 * node]
      const right = highest[2 * node + 1]
      const most = Math.max(left, right)
      const ties = (left === most ? count[2 * node] : 0) + (right === most ? count[2 * node + 1] : 0)
      if (highest[node] === most && count[node] === ties) return
      highest[node] = most
      count[node] = ties
    }
  }

  /** Takes all scores away, for `fill` to write others; only the next `build` carries them up. */
  clear(): void {
    this.scores.fill(NO_ROOM)
  }

  fill(place: number, score: number): void {
    this.scores[place] = score
  }

  build(): void {
    const { highest, count } = this
    for (let node = this.leaves - 1; node > 0; node--) {
      const left = highest[2 * node]
      const right = highest[2 * node + 1]
      highest[node] = Math.max(left, right)
      count[node] = (left === highest[node] ? count[2 * node] : 0) + (right === highest[node] ? count[2 * node + 1] : 0)
    }
  }

  /** The k-th place, from 0, of those with the highest score. */
  find(k: number): number {
    const { highest, count } = this
    let node = 1
    let left = k
    while (node < this.leaves) {
      node *= 2
      if (highest[node] !== highest[1]) node++
      else if (left >= count[node]) left -= count[node++]
    }
    return node - this.leaves
  }
}
