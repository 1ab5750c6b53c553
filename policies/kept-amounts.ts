const NONE = -1

/**
 * Amounts by the state that they are of, a row of whole numbers: an open hash table, since to make a string of each state that is asked
 * about took longer than all else. When as many as `most` are kept, all are given up.
 */
export class KeptAmounts {
  /** The state asked about: written by the caller, in full, before `find`. */
  readonly state: Float64Array
  private count = 0
  private room = 512
  private slots = new Int32Array(1024).fill(NONE)
  private states: Float64Array
  private amounts = new Float64Array(512)
  /** Where the state asked about last would stand. */
  private slot = 0
  private readonly most: number

  constructor(width: number, most: number) {
    this.state = new Float64Array(width)
    this.states = new Float64Array(this.room * width)
    this.most = most
  }

  /** The amount kept for the state, NaN where there is none. */
  find(): number {
    const { slots } = this
    const mask = slots.length - 1
    this.slot = hashOf(this.state, 0, this.state.length) & mask
    for (let row = slots[this.slot]; row !== NONE; row = slots[this.slot]) {
      if (this.isState(row)) return this.amounts[row]
      this.slot = (this.slot + 1) & mask
    }
    return Number.NaN
  }

  /** Keeps an amount for the state for which `find` has just found none. */
  keep(amount: number): void {
    if (this.count === this.most) {
      this.count = 0
      this.slots.fill(NONE)
      this.find()
    }
    if (this.count === this.room) this.grow()
    this.states.set(this.state, this.count * this.state.length)
    this.amounts[this.count] = amount
    this.slots[this.slot] = this.count++
  }

  private isState(row: number): boolean {
    const { state, states } = this
    const start = row * state.length
    for (let i = 0; i < state.length; i++) if (states[start + i] !== state[i]) return false
    return true
  }

  private grow(): void {
    const { states, amounts, count, state } = this
    const width = state.length
    this.room *= 2
    this.states = new Float64Array(this.room * width)
    this.states.set(states)
    this.amounts = new Float64Array(this.room)
    this.amounts.set(amounts)
    this.slots = new Int32Array(this.room * 2).fill(NONE)
    const mask = this.slots.length - 1
    for (let row = 0; row < count; row++) {
      let slot = hashOf(states, row * width, width) & mask
      while (this.slots[slot] !== NONE) slot = (slot + 1) & mask
      this.slots[slot] = row
    }
    this.find()
  }
}

function hashOf(values: Float64Array, from: number, length: number): number {
  let hash = length
  for (let i = from; i < from + length; i++) {
    hash = Math.imul(hash ^ (values[i] | 0), 0x85ebca6b)
    hash ^= hash >>> 15
  }
  return hash
}
