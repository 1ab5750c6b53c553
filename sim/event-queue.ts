/** At one instant, events happen in this order. */
export const KINDS = { end: 0, remove: 1, change: 2, arrival: 3 } as const

/** Sequence numbers stay below this, so that (kind, sequence) is one exact number. */
const KIND = 2 ** 48

/**
 * A 4-ary heap of (time, kind, sequence) with a payload, in typed arrays: a total order, and no allocation per event
 * once it has grown. `fastpriorityqueue` is the reference that the tests hold it against.
 */
export class EventQueue {
  length = 0
  private time = new Float64Array(1024)
  private order = new Float64Array(1024)
  private payload = new Float64Array(1024)

  /** Time of the first event; Infinity when empty. */
  get firstTime(): number {
    return this.length > 0 ? this.time[0] : Number.POSITIVE_INFINITY
  }

  get firstSequence(): number {
    return this.order[0] % KIND
  }

  get firstPayload(): number {
    return this.payload[0]
  }

  push(time: number, kind: number, sequence: number, payload: number): void {
    if (this.length === this.time.length) this.grow()
    const order = kind * KIND + sequence
    let hole = this.length++
    while (hole > 0) {
      const parent = (hole - 1) >> 2
      if (!this.before(time, order, parent)) break
      this.move(parent, hole)
      hole = parent
    }
    this.put(hole, time, order, payload)
  }

  /** Removes the first event. */
  pop(): void {
    const last = --this.length
    if (last === 0) return
    const time = this.time[last]
    const order = this.order[last]
    const payload = this.payload[last]
    let hole = 0
    for (;;) {
      const first = (hole << 2) + 1
      if (first >= last) break
      let least = first
      const stop = Math.min(first + 4, last)
      for (let child = first + 1; child < stop; child++) {
        if (this.before(this.time[child], this.order[child], least)) least = child
      }
      if (this.before(time, order, least)) break
      this.move(least, hole)
      hole = least
    }
    this.put(hole, time, order, payload)
  }

  private before(time: number, order: number, row: number): boolean {
    return time < this.time[row] || (time === this.time[row] && order < this.order[row])
  }

  private move(from: number, to: number): void {
    this.time[to] = this.time[from]
    this.order[to] = this.order[from]
    this.payload[to] = this.payload[from]
  }

  private put(row: number, time: number, order: number, payload: number): void {
    this.time[row] = time
    this.order[row] = order
    this.payload[row] = payload
  }

  private grow(): void {
    for (const column of ['time', 'order', 'payload'] as const) {
      const grown = new Float64Array(this.length * 2)
      grown.set(this[column])
      this[column] = grown
    }
  }
}
