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
  /** By column of the tournament, then entry: what it was put in with. */
  private readonly values: readonly Float64Array[]
  private readonly free: readonly Float64Array[]
  private readonly capacity: readonly Float64Array[]

  /** The columns of `lists` are by entry, those of `free` and `capacity` by machine. */
  constructor(machines: number, lists: EntryColumns, free: readonly Float64Array[], capacity: readonly Float64Array[]) {
    const bits = Math.min(MOST_BITS, Math.max(1, Math.ceil(Math.log2(machines) / 4)) * 2)
    this.side = 1 << bits
    this.next = lists.next
    this.previous = lists.previous
    this.values = [lists.key, ...lists.room]
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

  /** Puts the entry in, with its key, which is written already, and with the room that this machine of it has. */
  insert(entry: number, place: number, machine: number): void {
    const { first, free, next, previous, tree, values } = this
    const head = first[place]
    next[entry] = head
    previous[entry] = NONE
    if (head !== NONE) previous[head] = entry
    first[place] = entry
    for (let r = 0; r < free.length; r++) values[r + 1][entry] = free[r][machine]
    for (let c = 0; c < values.length; c++) tree.raise(place, c, values[c][entry])
  }

  remove(entry: number, place: number): void {
    const { first, next, previous, tree, values } = this
    const before = previous[entry]
    const after = next[entry]
    if (after !== NONE) previous[after] = before
    if (before === NONE) first[place] = after
    else next[before] = after
    for (let c = 0; c < values.length; c++) {
      const column = values[c]
      // Whoever was the highest still is, unless it was this one.
      if (column[entry] < tree.at(place, c)) continue
      let most = Number.NEGATIVE_INFINITY
      for (let one = first[place]; one !== NONE; one = next[one]) if (column[one] > most) most = column[one]
      tree.set(place, c, most)
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
  /** By resource. */
  readonly room: readonly Float64Array[]
}

/** Every bit of a number below 2¹⁶ moved to twice its place. */
function spread(step: number): number {
  let bits = step
  bits = (bits | (bits << 8)) & 0x00ff00ff
  bits = (bits | (bits << 4)) & 0x0f0f0f0f
  bits = (bits | (bits << 2)) & 0x33333333
  return (bits | (bits << 1)) & 0x55555555
}
