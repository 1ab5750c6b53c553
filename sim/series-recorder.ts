import type { Cell } from './cell.ts'
import type { Measured } from './measured.ts'
import type { Series } from './run-result.ts'
import { SECOND } from './second.ts'

const SAMPLES = 241

/** Samples the cell at equal distances over the window. */
export class SeriesRecorder {
  private readonly time: number[] = []
  private readonly allocated: Record<string, number[]>
  private readonly stranded: Record<string, number[]>
  private readonly runningSeries: number[] = []
  private readonly pendingSeries: number[] = []
  private readonly machines: number[] = []
  private readonly run: Measured
  private readonly distance: number

  constructor(run: Measured) {
    const { cell, trace } = run
    this.run = run
    this.distance = (trace.end - trace.start) / (SAMPLES - 1)
    this.allocated = Object.fromEntries(cell.resources.map((name) => [name, []]))
    this.stranded = Object.fromEntries(cell.resources.map((name) => [name, []]))
  }

  /** Takes the samples that fall in [from, to), during which nothing changes. */
  advanced(_from: number, to: number): void {
    while (this.time.length < SAMPLES - 1 && this.nextTime() < to) this.sample()
  }

  close(): void {
    while (this.time.length < SAMPLES) this.sample()
  }

  /** A resource's samples, and the first of them that is not before a time. */
  after(
    resource: string,
    time: number,
  ): { readonly allocated: readonly number[]; readonly stranded: readonly number[]; readonly first: number } {
    const first = this.time.findIndex((seconds) => this.run.trace.start + seconds * SECOND >= time)
    return { allocated: this.allocated[resource], stranded: this.stranded[resource], first: first < 0 ? this.time.length : first }
  }

  result(): Series {
    return {
      time: this.time,
      allocated: this.allocated,
      stranded: this.stranded,
      running: this.runningSeries,
      pending: this.pendingSeries,
      machines: this.machines,
    }
  }

  private nextTime(): number {
    return this.run.trace.start + this.time.length * this.distance
  }

  private sample(): void {
    const { cell } = this.run
    this.time.push((this.time.length * this.distance) / SECOND)
    const stranded = strandedCapacity(cell)
    for (const [r, name] of cell.resources.entries()) {
      const capacity = cell.totalCapacity[r]
      this.allocated[name].push(capacity > 0 ? cell.totalUsed[r] / capacity : 0)
      this.stranded[name].push(capacity > 0 ? stranded[r] / capacity : 0)
    }
    this.runningSeries.push(cell.tasksPlaced)
    this.pendingSeries.push(this.run.waiting)
    this.machines.push(cell.machinesPresent)
  }
}

/**
 * Capacity that is free but beyond the share that all of the machine's other resources have free, by resource, summed over the
 * machines in the cell: what a task with the machine's own proportions could never use. Ours (rho = 1).
 */
function strandedCapacity(cell: Cell): Float64Array {
  const { capacity, used, present } = cell
  const stranded = new Float64Array(capacity.length)
  for (let m = 0; m < cell.machines; m++) {
    if (!present[m]) continue
    let usable = 1
    for (let r = 0; r < capacity.length; r++) {
      if (capacity[r][m] > 0) usable = Math.min(usable, Math.max(0, 1 - used[r][m] / capacity[r][m]))
    }
    for (let r = 0; r < capacity.length; r++) stranded[r] += Math.max(0, capacity[r][m] - used[r][m] - usable * capacity[r][m])
  }
  return stranded
}
