import { NONE } from './trace.ts'

/** Children of a node, as a power of 2: sixteen neighbours are read faster than four levels of two (docs/performance.md). */
const BITS = 4
const WIDTH = 1 << BITS

/**
 * A tournament over what is free by place, one contest a resource: finds the next place that may have room for a request, and
 * skips every stretch of which no place has enough of some resource.
 */
export class RoomTree {
  /** By resource: the values of all places, then the highest of each 16, then of each 16 of those, … up to one. */
  private readonly room: readonly Float64Array[]
  private readonly first: Float64Array
  private readonly second: Float64Array
  private readonly third: Float64Array
  /** Where each level begins; the places are level 0. */
  private readonly start: readonly number[]
  private readonly top: number
  private readonly places: number

  constructor(places: number, resources: number) {
    this.places = places
    const start = [0]
    let length = Math.max(1, places)
    let nodes = padded(length)
    while (length > 1) {
      start.push(nodes)
      length = Math.ceil(length / WIDTH)
      nodes += padded(length)
    }
    this.start = start
    this.top = start.length - 1
    this.room = Array.from({ length: resources }, () => new Float64Array(nodes).fill(Number.NEGATIVE_INFINITY))
    this.first = this.room[0] ?? new Float64Array(nodes)
    this.second = this.room[1] ?? this.first
    this.third = this.room[2] ?? this.second
  }

  /** A place's value. */
  at(place: number, r: number): number {
    return this.room[r][place]
  }

  /** Sets a place's value, if that is higher than before, and carries it up. */
  raise(place: number, r: number, free: number): void {
    const { start, top } = this
    const room = this.room[r]
    for (let level = 0, i = place; level <= top; level++, i >>= BITS) {
      const at = start[level] + i
      if (room[at] >= free) return
      room[at] = free
    }
  }

  /** Sets a place's value and carries it up as far as it changes anything. */
  set(place: number, r: number, free: number): void {
    const room = this.room[r]
    const before = room[place]
    if (before === free) return
    if (free > before) {
      this.raise(place, r, free)
      return
    }
    const { start, top } = this
    room[place] = free
    for (let level = 1, i = place >> BITS; level <= top; level++, i >>= BITS) {
      const at = start[level] + i
      // Somebody else was the highest, and still is.
      if (room[at] > before) return
      let most = Number.NEGATIVE_INFINITY
      const from = start[level - 1] + (i << BITS)
      for (let child = from; child < from + WIDTH; child++) if (room[child] > most) most = room[child]
      if (room[at] === most) return
      room[at] = most
    }
  }

  clear(): void {
    for (const column of this.room) column.fill(Number.NEGATIVE_INFINITY)
  }

  /** The first place from `from` on where every resource may have what is asked for, or NONE. */
  next(from: number, request: Float64Array): number {
    const { first, second, third, room, start, top } = this
    if (from >= this.places) return NONE
    const one = request[0] ?? Number.NEGATIVE_INFINITY
    const two = room.length > 1 ? request[1] : one
    const three = room.length > 2 ? request[2] : two
    let level = from === 0 ? top : 0
    let i = from
    for (;;) {
      const base = start[level]
      const stop = base + (i | (WIDTH - 1))
      let at = base + i
      // while (at <= stop && !covers(at)) at++, where covers: every resource of `room` at `at` is at least the request
      while (at <= stop && !(first[at] >= one && second[at] >= two && third[at] >= three && (room.length <= 3 || this.covers(at, request))))
        at++
      i = at - base
      if (at <= stop) {
        if (level === 0) return i
        level--
        i <<= BITS
      } else {
        // The block that begins at i is its parent's neighbour's.
        do {
          if (level === top) return NONE
          level++
          i >>= BITS
        } while ((i & (WIDTH - 1)) === 0)
      }
    }
  }

  private covers(at: number, request: Float64Array): boolean {
    for (let r = 3; r < request.length; r++) if (this.room[r][at] < request[r]) return false
    return true
  }
}

/** Whole blocks, so that the last is like the others. */
function padded(length: number): number {
  return Math.ceil(length / WIDTH) * WIDTH
}
