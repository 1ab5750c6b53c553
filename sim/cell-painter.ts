import type { Cell } from './cell.ts'
import type { CellPicture } from './run-result.ts'
import { SECOND } from './second.ts'
import type { Workload } from './trace.ts'

const FRAMES = 25
/** Byte for a machine that is not in the cell or has none of the resource. */
const ABSENT = 255

/** Keeps how full every machine was at a few instants. */
export class CellPainter {
  private readonly time: number[] = []
  private readonly frames: Uint8Array[][]
  private readonly cell: Cell
  private readonly trace: Workload
  private readonly distance: number

  constructor(cell: Cell, trace: Workload) {
    this.cell = cell
    this.trace = trace
    this.distance = (trace.end - trace.start) / (FRAMES - 1)
    this.frames = cell.resources.map(() => [])
  }

  advanced(_from: number, to: number): void {
    while (this.time.length < FRAMES - 1 && this.trace.start + this.time.length * this.distance < to) this.paint()
  }

  close(): void {
    while (this.time.length < FRAMES) this.paint()
  }

  result(): CellPicture {
    const bytes = (frames: readonly Uint8Array[]) => Buffer.concat(frames).toString('base64')
    return {
      time: this.time,
      machine: this.trace.machines.id,
      used: Object.fromEntries(this.cell.resources.map((name, r) => [name, bytes(this.frames[r])])),
    }
  }

  private paint(): void {
    const { capacity, machines, present, used } = this.cell
    this.time.push((this.time.length * this.distance) / SECOND)
    for (let r = 0; r < capacity.length; r++) {
      const frame = new Uint8Array(machines).fill(ABSENT)
      for (let m = 0; m < machines; m++) {
        if (present[m] && capacity[r][m] > 0) frame[m] = Math.min(200, Math.round((used[r][m] / capacity[r][m]) * 100))
      }
      this.frames[r].push(frame)
    }
  }
}
