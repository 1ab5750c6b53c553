import { NONE } from './trace.ts'

/** Machines on which evicting makes room for one class, with what decides between them: kept between decisions, since a job's tasks come in crowds. */
export class Evictions {
  /** `cell.changes` when they were right; −1: never. */
  asOf = -1
  size = 0
  /** The highest priority of a victim that was allowed. */
  level = Number.POSITIVE_INFINITY
  private readonly members: Int32Array
  private readonly placeOf: Int32Array
  private readonly highest: Int32Array
  private readonly victims: Int32Array
  private readonly score: Float64Array

  constructor(machines: number) {
    this.members = new Int32Array(machines)
    this.placeOf = new Int32Array(machines).fill(NONE)
    this.highest = new Int32Array(machines)
    this.victims = new Int32Array(machines)
    this.score = new Float64Array(machines)
  }

  clear(level: number): void {
    while (this.size > 0) this.remove(this.members[this.size - 1])
    this.level = level
  }

  remove(machine: number): void {
    const place = this.placeOf[machine]
    if (place === NONE) return
    const last = this.members[--this.size]
    this.members[place] = last
    this.placeOf[last] = place
    this.placeOf[machine] = NONE
  }

  add(machine: number, highest: number, victims: number, score: number): void {
    this.placeOf[machine] = this.size
    this.members[this.size++] = machine
    this.highest[machine] = highest
    this.victims[machine] = victims
    this.score[machine] = score
  }

  /** Fills `into` with the best: the lowest highest priority, then the fewest victims, then the highest score. Says how many are as good. */
  best(into: Int32Array): number {
    const { highest, members, score, size, victims } = this
    let ties = 0
    for (let i = 0; i < size; i++) {
      const m = members[i]
      const other = into[0]
      if (ties > 0) {
        const order = highest[m] - highest[other] || victims[m] - victims[other] || score[other] - score[m]
        if (order > 0) continue
        if (order < 0) ties = 0
      }
      into[ties++] = m
    }
    return ties
  }
}
