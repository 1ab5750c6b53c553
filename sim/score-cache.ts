/** The score of a machine without room. */
export const NO_ROOM = Number.NEGATIVE_INFINITY

/** Memory that all kept scores together may take, bytes. */
const BUDGET = 64 * 2 ** 20
const MOST_CLASSES = 256

export interface ClassScores {
  class: number
  /** By machine; NO_ROOM where it does not fit. */
  readonly scores: Float64Array
  /** `cell.changes` when the scores were right. */
  asOf: number
}

/**
 * The scores of the classes asked for last, so that a decision looks again only at machines that have changed since: Borg's
 * score cache and equivalence classes (EuroSys 2015, section 3.4), without its rounding. Exact, because a score reads
 * nothing but its class's and its machine's columns.
 */
export class ScoreCache {
  private readonly kept = new Map<number, ClassScores>()
  private readonly most: number
  private readonly machines: number

  constructor(machines: number) {
    this.machines = machines
    this.most = Math.max(1, Math.min(MOST_CLASSES, Math.floor(BUDGET / (8 * Math.max(1, machines)))))
  }

  /** The class's scores, perhaps stale; those of the class used longest ago are given up for a new one, with `asOf` −1. */
  get(taskClass: number): ClassScores {
    const known = this.kept.get(taskClass)
    if (known) {
      // A Map keeps the order of insertion, so the first is always the one used longest ago.
      this.kept.delete(taskClass)
      this.kept.set(taskClass, known)
      return known
    }
    const entry = this.kept.size < this.most ? { class: taskClass, scores: new Float64Array(this.machines), asOf: -1 } : this.oldest()
    entry.class = taskClass
    entry.asOf = -1
    this.kept.set(taskClass, entry)
    return entry
  }

  private oldest(): ClassScores {
    for (const entry of this.kept.values()) {
      this.kept.delete(entry.class)
      return entry
    }
    throw new Error('no class is kept')
  }
}
