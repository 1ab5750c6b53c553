import { RoomTree } from './room-tree.ts'
import { NONE } from './trace.ts'

/** As a power of 2: beyond, the tree no longer stays in the cache of the processor. */
const MOST_RUNGS = 14
/** So many machines share a rung on average, as a power of 2: most rungs lie where no machine is. */
const MACHINES_PER_RUNG = 3

/**
 * Entries by a key, the highest first: so many rungs at equal distances, and a tournament over what the entries of a rung
 * have free. The rung of a key never falls as the key falls, so what stands rungs behind has a lower key, whatever the rounding.
 */
export class Ladder {
  readonly tree: RoomTree
  /** First entry of each rung, or NONE. */
  readonly first: Int32Array
  readonly rungs: number
  /** Keys from `top` down to `bottom` have a rung of their own. */
  top = Number.NaN
  bottom = Number.NaN
  private rungsPerKey = 0
  private readonly next: Int32Array
  private readonly previous: Int32Array
  private readonly free: readonly Float64Array[]
  /** By entry: a machine of it. */
  machineOf: Int32Array

  /** `next` and `previous` are the lists of entries, `free` is what machines have by resource. */
  constructor(machines: number, free: readonly Float64Array[], next: Int32Array, previous: Int32Array, machineOf: Int32Array) {
    this.rungs = 2 ** Math.max(4, Math.min(MOST_RUNGS, Math.ceil(Math.log2(machines)) - MACHINES_PER_RUNG))
    this.free = free
    this.next = next
    this.previous = previous
    this.machineOf = machineOf
    this.tree = new RoomTree(this.rungs, free.length)
    this.first = new Int32Array(this.rungs).fill(NONE)
  }

  /** Empties it, and spreads the rungs over these keys. */
  clear(top: number, bottom: number): void {
    this.first.fill(NONE)
    this.tree.clear()
    this.top = top
    this.bottom = bottom
    this.rungsPerKey = top > bottom ? this.rungs / (top - bottom) : 0
  }

  /** All entries, from the highest rung. */
  entries(): number[] {
    const entries: number[] = []
    for (const first of this.first) for (let entry = first; entry !== NONE; entry = this.next[entry]) entries.push(entry)
    return entries
  }

  reaches(key: number): boolean {
    return key <= this.top && key >= this.bottom
  }

  rungOf(key: number): number {
    return Math.max(0, Math.min(this.rungs - 1, Math.floor((this.top - key) * this.rungsPerKey)))
  }

  insert(entry: number, rung: number): void {
    const head = this.first[rung]
    this.next[entry] = head
    this.previous[entry] = NONE
    if (head !== NONE) this.previous[head] = entry
    this.first[rung] = entry
    const machine = this.machineOf[entry]
    for (let r = 0; r < this.free.length; r++) this.tree.raise(rung, r, this.free[r][machine])
  }

  remove(entry: number, rung: number): void {
    const before = this.previous[entry]
    const after = this.next[entry]
    if (after !== NONE) this.previous[after] = before
    if (before === NONE) this.first[rung] = after
    else this.next[before] = after
    const { first, machineOf, next } = this
    for (let r = 0; r < this.free.length; r++) {
      const column = this.free[r]
      let most = Number.NEGATIVE_INFINITY
      for (let one = first[rung]; one !== NONE; one = next[one]) {
        const amount = column[machineOf[one]]
        if (amount > most) most = amount
      }
      this.tree.set(rung, r, most)
    }
  }
}
