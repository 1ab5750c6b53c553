import { NONE } from './trace.ts'

/** Nobody has asked yet how well the class fits there: to be taken for the best of those with as many victims. */
export const UNSCORED = Number.POSITIVE_INFINITY

/**
 * Machines on which evicting makes room for one class, as a heap by what decides between them: the lowest highest priority of a
 * victim, then the fewest victims, then the highest score. Kept between decisions, since a job's tasks come in crowds.
 */
export class Evictions {
  /** `cell.changes` when they were right; −1: never. */
  asOf = -1
  size = 0
  /** Victims are of the first so many groups. */
  groups = 0
  private readonly heap: Int32Array
  private readonly placeOf: Int32Array
  private readonly highest: Int32Array
  private readonly victims: Int32Array
  private readonly score: Float64Array

  constructor(machines: number) {
    this.heap = new Int32Array(machines)
    this.placeOf = new Int32Array(machines).fill(NONE)
    this.highest = new Int32Array(machines)
    this.victims = new Int32Array(machines)
    this.score = new Float64Array(machines)
  }

  clear(groups: number): void {
    for (let i = 0; i < this.size; i++) this.placeOf[this.heap[i]] = NONE
    this.size = 0
    this.groups = groups
  }

  remove(machine: number): void {
    const place = this.placeOf[machine]
    if (place === NONE) return
    this.placeOf[machine] = NONE
    const last = this.heap[--this.size]
    if (last !== machine) this.settle(last, place)
  }

  /** Puts a machine in, or in its new place. */
  set(machine: number, highest: number, victims: number, score: number): void {
    this.highest[machine] = highest
    this.victims[machine] = victims
    this.score[machine] = score
    const known = this.placeOf[machine]
    this.settle(machine, known === NONE ? this.size++ : known)
  }

  /** Whether others are to be preferred to such evictions, whatever the score. */
  areBetter(highest: number, victims: number): boolean {
    if (this.size === 0) return false
    const [first] = this.heap
    return this.highest[first] < highest || (this.highest[first] === highest && this.victims[first] < victims)
  }

  /** Fills `into` with the best, in no order, and says how many are as good. */
  best(into: Int32Array, scoreOf: (machine: number) => number): number {
    const { heap, score, size } = this
    if (size === 0) return 0
    while (score[heap[0]] === UNSCORED) {
      score[heap[0]] = scoreOf(heap[0])
      this.settle(heap[0], 0)
    }
    // Whoever is as good as the root stands below others that are, so nobody else need be looked at.
    const places: number[] = [0]
    for (const place of places) {
      const stop = Math.min(2 * place + 3, size)
      for (let child = 2 * place + 1; child < stop; child++) if (this.order(heap[child], heap[0]) === 0) places.push(child)
    }
    for (const [i, place] of places.entries()) into[i] = heap[place]
    return places.length
  }

  /** Moves a machine from a free place to where it belongs. */
  private settle(machine: number, from: number): void {
    const { heap, placeOf, size } = this
    let place = from
    for (let parent = (place - 1) >> 1; place > 0 && this.order(machine, heap[parent]) < 0; parent = (place - 1) >> 1) {
      heap[place] = heap[parent]
      placeOf[heap[place]] = place
      place = parent
    }
    for (let child = 2 * place + 1; child < size; child = 2 * place + 1) {
      if (child + 1 < size && this.order(heap[child + 1], heap[child]) < 0) child++
      if (this.order(machine, heap[child]) <= 0) break
      heap[place] = heap[child]
      placeOf[heap[place]] = place
      place = child
    }
    heap[place] = machine
    placeOf[machine] = place
  }

  /** Negative where one is to be preferred to the other, 0 where they are as good. */
  private order(one: number, other: number): number {
    const { highest, score, victims } = this
    return highest[one] - highest[other] || victims[one] - victims[other] || score[other] - score[one]
  }
}
