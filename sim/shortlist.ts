import { NO_ROOM } from './score-tree.ts'
import { NONE } from './trace.ts'

/** The best entries for one class, best first: by score, then by the place of their machine in the order of ties. */
export class Shortlist {
  taskClass: number = NONE
  length = 0
  /** Entries before this one are known to be gone. */
  from = 0
  readonly entries: Int32Array
  readonly machines: Int32Array
  readonly scores: Float64Array
  /** The best score that found no place. */
  private missed = NO_ROOM
  /** How many entries it may hold. */
  private most = 1
  private madeAt = NONE
  private readonly longest: number

  /** The most entries that it ever holds; with 0 it holds one, and is for one decision only. */
  constructor(longest: number) {
    this.longest = longest
    const length = Math.max(1, longest)
    this.entries = new Int32Array(length)
    this.machines = new Int32Array(length)
    this.scores = new Float64Array(length)
  }

  /** Empties it. It may hold as many as the class used up the last time and one more, or twice as many if they were too few. */
  begin(taskClass: number, now: number): void {
    if (this.taskClass !== taskClass) this.most = 1
    else this.most = Math.max(1, Math.min(this.longest, this.madeAt === now ? 2 * this.most : this.from + 1))
    this.taskClass = taskClass
    this.madeAt = now
    this.length = 0
    this.from = 0
    this.missed = NO_ROOM
  }

  isOf(taskClass: number, now: number): boolean {
    return this.taskClass === taskClass && this.madeAt === now && this.longest > 0
  }

  get isFull(): boolean {
    return this.length === this.most
  }

  /** Nobody who is not listed has a better score; minus infinity where everybody is listed. */
  get floor(): number {
    return this.isFull ? this.scores[this.length - 1] : NO_ROOM
  }

  /** Whether somebody who is not listed is as good as the last. */
  get isTied(): boolean {
    return this.isFull && this.missed === this.floor
  }

  /** Puts an entry in where it belongs, if it is good enough. */
  offer(entry: number, machine: number, score: number, place: Int32Array): void {
    const { entries, machines, scores } = this
    let i = this.length
    while (i > 0 && (score > scores[i - 1] || (score === scores[i - 1] && place[machine] < place[machines[i - 1]]))) i--
    if (this.isFull) {
      this.missed = Math.max(this.missed, i === this.most ? score : scores[this.most - 1])
      if (i === this.most) return
    } else this.length++
    for (let j = this.length - 1; j > i; j--) {
      entries[j] = entries[j - 1]
      machines[j] = machines[j - 1]
      scores[j] = scores[j - 1]
    }
    entries[i] = entry
    machines[i] = machine
    scores[i] = score
  }
}
