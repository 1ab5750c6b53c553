import { NO_ROOM } from './score-tree.ts'
import { NONE } from './trace.ts'

/** Behind every machine in the order of ties. */
const LAST = Number.POSITIVE_INFINITY

/**
 * The best entries for one class, best first: by score, then by the place of their machine in the order of ties. Nobody who is not
 * listed is better than the bound, and everybody who is listed is.
 */
export class Shortlist {
  taskClass: number = NONE
  length = 0
  /** Entries before this one are known to be gone. */
  from = 0
  readonly entries: Int32Array
  readonly machines: Int32Array
  readonly scores: Float64Array
  boundScore = NO_ROOM
  boundPlace = LAST
  /** How many machines had been put in when it was last right. */
  asOf = 0
  /** How many entries it may hold. */
  private most = 1
  /** How many have been taken out again since it was begun. */
  private gone = 0
  private readonly longest: number

  /** The most entries that it ever holds; with 0 it holds one, and is for one decision only. */
  constructor(longest: number) {
    this.longest = longest
    const length = Math.max(1, longest)
    this.entries = new Int32Array(length)
    this.machines = new Int32Array(length)
    this.scores = new Float64Array(length)
  }

  /**
   * Empties it. For another class it may hold `first` entries; for the same, as many as it used up the last time and one more, or
   * twice as many if those did not last until machines were put in.
   */
  begin(taskClass: number, asOf: number, first: number): void {
    let most = first
    if (this.taskClass === taskClass) most = this.asOf === asOf ? 2 * this.most : this.gone + this.from + 1
    this.most = Math.max(1, Math.min(this.longest, most))
    this.taskClass = taskClass
    this.asOf = asOf
    this.length = 0
    this.from = 0
    this.gone = 0
    this.boundScore = NO_ROOM
    this.boundPlace = LAST
  }

  isOf(taskClass: number): boolean {
    return this.taskClass === taskClass && this.longest > 0
  }

  /** The least score with which anybody may still be listed. */
  get floor(): number {
    return this.length === this.most ? this.scores[this.length - 1] : this.boundScore
  }

  /** Whether a machine is better than whoever is not listed. */
  isAbove(score: number, place: number): boolean {
    return score > this.boundScore || (score === this.boundScore && place < this.boundPlace)
  }

  /** Puts an entry in where it belongs, if it is good enough. */
  offer(entry: number, machine: number, score: number, places: Int32Array): void {
    const { entries, machines, most, scores } = this
    const place = places[machine]
    if (!this.isAbove(score, place)) return
    let i = this.length
    while (i > 0 && (score > scores[i - 1] || (score === scores[i - 1] && place < places[machines[i - 1]]))) i--
    if (this.length < most) this.length++
    else {
      const last = most - 1
      this.boundScore = i === most ? score : scores[last]
      this.boundPlace = i === most ? place : places[machines[last]]
      if (i === most) return
    }
    for (let j = this.length - 1; j > i; j--) {
      entries[j] = entries[j - 1]
      machines[j] = machines[j - 1]
      scores[j] = scores[j - 1]
    }
    entries[i] = entry
    machines[i] = machine
    scores[i] = score
  }

  /** Everybody has been offered who scores the floor or more. */
  close(): void {
    const { floor } = this
    if (floor <= this.boundScore) return
    this.boundScore = floor
    this.boundPlace = LAST
  }

  /** Leaves out those that are not to be kept. */
  keep(isKept: (entry: number) => boolean): void {
    const { entries, machines, scores } = this
    let kept = 0
    for (let i = this.from; i < this.length; i++) {
      if (!isKept(entries[i])) continue
      entries[kept] = entries[i]
      machines[kept] = machines[i]
      scores[kept++] = scores[i]
    }
    this.gone += this.length - kept
    this.length = kept
    this.from = 0
  }
}
