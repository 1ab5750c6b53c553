import { NONE } from '../sim/index.ts'

/**
 * Numbers byte strings in order of first appearance without making a string of each: an open hash table over their bytes, which lie
 * one after the other in one buffer, since an object for each is one more place in memory to look at.
 */
export class ByteNames {
  count = 0
  private slots = new Int32Array(1024).fill(NONE)
  private hashes = new Int32Array(512)
  /** Name r is the bytes from starts[r] to starts[r + 1] − 1. */
  private starts = new Int32Array(513)
  private bytes = new DataView(new ArrayBuffer(1 << 14))

  /** The row of the bytes in [from, to), a new one where they are new. */
  row(bytes: DataView, from: number, to: number): number {
    const hash = hashOf(bytes, from, to)
    const slot = this.slotOf(hash, bytes, from, to)
    const row = this.slots[slot]
    return row === NONE ? this.add(slot, hash, bytes, from, to) : row
  }

  /** The row of the bytes in [from, to), or NONE. */
  find(bytes: DataView, from: number, to: number): number {
    return this.slots[this.slotOf(hashOf(bytes, from, to), bytes, from, to)]
  }

  text(row: number): string {
    const start = this.starts[row]
    return Buffer.from(this.bytes.buffer, start, this.starts[row + 1] - start).toString()
  }

  /** Where these bytes stand in the table, or the free slot where they would. */
  private slotOf(hash: number, bytes: DataView, from: number, to: number): number {
    const { slots, hashes } = this
    const mask = slots.length - 1
    let slot = hash & mask
    for (let row = slots[slot]; row !== NONE; row = slots[slot]) {
      if (hashes[row] === hash && this.isEqual(row, bytes, from, to)) return slot
      slot = (slot + 1) & mask
    }
    return slot
  }

  private isEqual(row: number, bytes: DataView, from: number, to: number): boolean {
    const { bytes: own } = this
    let mine = this.starts[row]
    if (this.starts[row + 1] - mine !== to - from) return false
    let at = from
    for (; at + 4 <= to; at += 4, mine += 4) if (own.getInt32(mine, true) !== bytes.getInt32(at, true)) return false
    for (; at < to; at++, mine++) if (own.getUint8(mine) !== bytes.getUint8(at)) return false
    return true
  }

  private add(slot: number, hash: number, bytes: DataView, from: number, to: number): number {
    const row = this.count++
    const start = this.starts[row]
    const end = start + to - from
    if (end > this.bytes.byteLength) this.bytes = new DataView(this.bytes.buffer.transfer(Math.max(end, this.bytes.byteLength * 2)))
    for (let at = from; at < to; at++) this.bytes.setUint8(start + at - from, bytes.getUint8(at))
    this.starts[row + 1] = end
    this.hashes[row] = hash
    this.slots[slot] = row
    if (this.count === this.hashes.length) this.grow()
    return row
  }

  /** Doubles the table, which is half full. */
  private grow(): void {
    const { hashes, starts, count } = this
    this.hashes = new Int32Array(count * 2)
    this.hashes.set(hashes)
    this.starts = new Int32Array(count * 2 + 1)
    this.starts.set(starts)
    const slots = new Int32Array(count * 4).fill(NONE)
    const mask = slots.length - 1
    for (let row = 0; row < count; row++) {
      let slot = hashes[row] & mask
      while (slots[slot] !== NONE) slot = (slot + 1) & mask
      slots[slot] = row
    }
    this.slots = slots
  }
}

/** Four bytes at a time, each time mixed down, since a product's low bits know nothing of the high bits that went in. */
function hashOf(bytes: DataView, from: number, to: number): number {
  let hash = to - from
  let at = from
  for (; at + 4 <= to; at += 4) {
    hash = Math.imul(hash ^ bytes.getInt32(at, true), 0x85ebca6b)
    hash ^= hash >>> 15
  }
  for (; at < to; at++) hash = Math.imul(hash ^ bytes.getUint8(at), 0xc2b2ae35)
  return hash ^ (hash >>> 13)
}
