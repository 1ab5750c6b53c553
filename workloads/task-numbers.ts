import { int32, NONE } from '../sim/index.ts'

/** Numbers tasks, each a job's row and an index in it, in order of first appearance: an open hash table over the two columns. */
export class TaskNumbers {
  private readonly jobs = int32()
  private readonly indices = int32()
  private slots = new Int32Array(1024).fill(NONE)

  get count(): number {
    return this.jobs.length
  }

  /** The row of the task, a new one where it is new. */
  row(job: number, index: number): number {
    const { slots, jobs, indices } = this
    const mask = slots.length - 1
    let slot = hashOf(job, index) & mask
    for (let row = slots[slot]; row !== NONE; row = slots[slot]) {
      if (indices.get(row) === index && jobs.get(row) === job) return row
      slot = (slot + 1) & mask
    }
    const row = jobs.length
    slots[slot] = row
    jobs.push(job)
    indices.push(index)
    if (jobs.length * 2 > slots.length) this.grow()
    return row
  }

  /** Each task's job, and its index in it. */
  done(): { readonly jobOf: Int32Array; readonly indexOf: Int32Array } {
    return { jobOf: this.jobs.done(), indexOf: this.indices.done() }
  }

  private grow(): void {
    const slots = new Int32Array(this.slots.length * 2).fill(NONE)
    const mask = slots.length - 1
    for (let row = 0; row < this.jobs.length; row++) {
      let slot = hashOf(this.jobs.get(row), this.indices.get(row)) & mask
      while (slots[slot] !== NONE) slot = (slot + 1) & mask
      slots[slot] = row
    }
    this.slots = slots
  }
}

function hashOf(job: number, index: number): number {
  const hash = Math.imul(job ^ Math.imul(index, 0x85ebca6b), 0xc2b2ae35)
  return hash ^ (hash >>> 15)
}
