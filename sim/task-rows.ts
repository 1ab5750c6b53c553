import { NONE } from './trace.ts'

/** Where a task is. A row that is `gone` is free to be used again. */
export const STATES = { gone: 0, held: 1, waiting: 2, running: 3 } as const

/** The runs that are alive, as columns. Rows are used again, so memory follows what is alive, not what has passed. */
export class TaskRows {
  /** Rows in use or used before. */
  count = 0
  /** Row in the trace's runs. */
  run = new Int32Array(1024)
  class = new Int32Array(1024)
  job = new Int32Array(1024)
  state = new Uint8Array(1024)
  /** When it came to the cell, and when its present wait began, microseconds. */
  arrival = new Float64Array(1024)
  waitingSince = new Float64Array(1024)
  /** Infinity: it never ends. */
  runTime = new Float64Array(1024)
  end = new Uint8Array(1024)
  /** 1 where the source is to be told of its end. */
  followed = new Uint8Array(1024)
  /** Present machine, or NONE. */
  machine = new Int32Array(1024)
  /** Bit i: device i of the machine. */
  devices = new Uint32Array(1024)
  placedAt = new Float64Array(1024)
  /** Which placement of all it was: later ones are larger. */
  placing = new Float64Array(1024)
  /** 1 once it has been placed. */
  placedBefore = new Uint8Array(1024)
  /** Rises at every placement and end, so that the end event of an evicted task is known to be stale. */
  turn = new Uint32Array(1024)
  /** The list of the machine's tasks: lowest priority first, latest placed first within. */
  nextOnMachine = new Int32Array(1024)
  previousOnMachine = new Int32Array(1024)
  private readonly free: number[] = []

  add(run: number, taskClass: number, job: number, arrival: number): number {
    const row = this.free.pop() ?? this.append()
    this.run[row] = run
    this.class[row] = taskClass
    this.job[row] = job
    this.arrival[row] = arrival
    this.waitingSince[row] = arrival
    this.machine[row] = NONE
    this.devices[row] = 0
    this.placedBefore[row] = 0
    return row
  }

  /** Makes place for so many rows at once: what is compiled for the columns is of no use any more whenever they grow. */
  reserve(rows: number): void {
    if (this.run.length < rows) this.grow(rows)
  }

  remove(row: number): void {
    this.state[row] = STATES.gone
    this.turn[row]++
    this.free.push(row)
  }

  private append(): number {
    if (this.count === this.run.length) this.grow(2 * this.count)
    return this.count++
  }

  private grow(rows: number): void {
    const columns = this as unknown as Record<string, unknown>
    for (const [name, column] of Object.entries(columns)) {
      if (!ArrayBuffer.isView(column)) continue
      const old = column as Float64Array
      const grown = new (old.constructor as Float64ArrayConstructor)(rows)
      grown.set(old.subarray(0, this.count))
      columns[name] = grown
    }
  }
}
