import { NONE } from '../sim/index.ts'

/** Numbers byte strings in order of first appearance without making a string of each: an open hash table over their bytes. */
export class ByteNames {
  private readonly names: Buffer[] = []
  private slots = new Int32Array(1024).fill(NONE)

  get count(): number {
    return this.names.length
  }

  /** The row of the bytes in [from, to), a new one where they are new. */
  row(bytes: Uint8Array, from: number, to: number): number {
    const slot = this.slotOf(bytes, from, to)
    if (this.slots[slot] !== NONE) return this.slots[slot]
    this.slots[slot] = this.names.length
    this.names.push(Buffer.from(bytes.subarray(from, to)))
    if (this.names.length * 2 > this.slots.length) this.grow()
    return this.names.length - 1
  }

  /** The row of the bytes in [from, to), or NONE. */
  find(bytes: Uint8Array, from: number, to: number): number {
    return this.slots[this.slotOf(bytes, from, to)]
  }

  text(row: number): string {
    return this.names[row].toString()
  }

  /** Where these bytes stand in the table, or the free slot where they would. */
  private slotOf(bytes: Uint8Array, from: number, to: number): number {
    // FNV-1a, whose low bits are its weakest.
    let hash = 0x811c9dc5
    for (let at = from; at < to; at++) hash = Math.imul(hash ^ bytes[at], 0x01000193)
    const { slots } = this
    const mask = slots.length - 1
    let slot = (hash ^ (hash >>> 15)) & mask
    while (slots[slot] !== NONE && !isEqual(this.names[slots[slot]], bytes, from, to)) slot = (slot + 1) & mask
    return slot
  }

  private grow(): void {
    this.slots = new Int32Array(this.slots.length * 2).fill(NONE)
    for (const [row, name] of this.names.entries()) this.slots[this.slotOf(name, 0, name.length)] = row
  }
}

function isEqual(name: Uint8Array, bytes: Uint8Array, from: number, to: number): boolean {
  if (name.length !== to - from) return false
  for (let i = 0; i < name.length; i++) if (name[i] !== bytes[from + i]) return false
  return true
}
