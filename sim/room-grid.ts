import { RoomTree } from './room-tree.ts'
import { NONE } from './trace.ts'

/** Most places a side, as a power of 2: with more the tree leaves the processor's cache. */
const MOST_BITS = 6

/**
 * The machines of one shape on a grid by how much of two resources they have free, along a curve that keeps neighbours
 * together (Morton, 1966), under a tournament over key and room: what a square's machines have free differs little, so few squares look
 * as if they had room and have none, and few have a better key than what was found.
 */
export class RoomGrid {
  /** Column 0 is the key, then come the resources. */
  readonly tree: RoomTree
  /** First entry of each place, or NONE. */
  readonly first: Int32Array
  /** Whether those with most room stand first; that is where the search begins. */
  roomiestFirst = false
  private readonly side: number
  private readonly next: Int32Array
  private readonly previous: Int32Array
  private readonly key: Float64Array
  private readonly free: readonly Float64Array[]
  private readonly capacity: readonly Float64Array[]
  /** By entry: a machine of it. */
  machineOf: Int32Array

  /** `next`, `previous` and `key` are by entry, `free` and `capacity` by resource and machine. */
  constructor(machines: number, lists: EntryColumns, free: readonly Float64Array[], capacity: readonly Float64Array[]) {
    const bits = Math.min(MOST_BITS, Math.max(1, Math.ceil(Math.log2(machines) / 4)) * 2)
    this.side = 1 << bits
    this.next = lists.next
    this.previous = lists.previous
    this.key = lists.key
    this.machineOf = lists.machineOf
    this.free = free
    this.capacity = capacity
    this.tree = new RoomTree(this.side * this.side, free.length + 1)
    this.first = new Int32Array(this.side * this.side).fill(NONE)
  }

  clear(): void {
    this.first.fill(NONE)
    this.tree.clear()
  }

  /** Where a machine belongs, as it is. */
  placeOf(machine: number): number {
    const one = this.free.length > 0 ? this.step(0, machine) : 0
    const other = this.free.length > 1 ? this.step(1, machine) : 0
    return spread(one) | (spread(other) << 1)
  }

  insert(entry: number, place: number): void {
    const head = this.first[place]
    this.next[entry] = head
    this.previous[entry] = NONE
    if (head !== NONE) this.previous[head] = entry
    this.first[place] = entry
    const machine = this.machineOf[entry]
    this.tree.raise(place, 0, this.key[entry])
    for (let r = 0; r < this.free.length; r++) this.tree.raise(place, r + 1, this.free[r][machine])
  }

  remove(entry: number, place: number): void {
    const { first, machineOf, next, previous } = this
    const before = previous[entry]
    const after = next[entry]
    if (after !== NONE) previous[after] = before
    if (before === NONE) first[place] = after
    else next[before] = after
    let most = Number.NEGATIVE_INFINITY
    for (let one = first[place]; one !== NONE; one = next[one]) most = Math.max(most, this.key[one])
    this.tree.set(place, 0, most)
    for (let r = 0; r < this.free.length; r++) {
      const column = this.free[r]
      most = Number.NEGATIVE_INFINITY
      for (let one = first[place]; one !== NONE; one = next[one]) most = Math.max(most, column[machineOf[one]])
      this.tree.set(place, r + 1, most)
    }
  }

  /** The square root, because most machines of a busy cell have little free. */
  private step(r: number, machine: number): number {
    const share = this.free[r][machine] / this.capacity[r][machine]
    const step = share > 0 ? Math.min(this.side - 1, Math.floor(this.side * Math.sqrt(share))) : 0
    return this.roomiestFirst ? this.side - 1 - step : step
  }
}

interface EntryColumns {
  readonly next: Int32Array
  readonly previous: Int32Array
  readonly key: Float64Array
  readonly machineOf: Int32Array
}

/** Every bit of a number below 2¹⁶ moved to twice its place. */
function spread(step: number): number {
  let bits = step
  bits = (bits | (bits << 8)) & 0x00ff00ff
  bits = (bits | (bits << 4)) & 0x0f0f0f0f
  bits = (bits | (bits << 2)) & 0x33333333
  return (bits | (bits << 1)) & 0x55555555
}
