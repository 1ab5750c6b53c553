import type { Cell } from './cell.ts'
import { NONE } from './trace.ts'

/** So many machines' sums are kept at a time, a power of 2. */
const KEPT = 32

/**
 * What single machines would have free with everybody below some priority gone: a bound, read at once, on what evicting can give there. Most
 * often one machine has gained room and many classes wait, so what was summed for the first serves the others.
 */
export class GainedRoom {
  /** By class: how many of the trace's priorities are below its own. */
  private readonly levelOf: Int32Array
  private readonly levels: number
  /** Who is in each slot, and as of which of the cell's changes. */
  private readonly machine = new Int32Array(KEPT).fill(NONE)
  private readonly asOf = new Float64Array(KEPT)
  /** By slot, then whether production is spared, then level, then resource. */
  private readonly sums: Float64Array
  /** By whether production is spared, then resource: the sum so far. */
  private readonly room: Float64Array
  private readonly cell: Cell
  private readonly production: number

  constructor(cell: Cell, production: number) {
    const { classes } = cell.trace
    this.cell = cell
    this.production = production
    const priorities = [...new Set(classes.priority)].sort((a, b) => a - b)
    this.levels = priorities.length
    this.levelOf = Int32Array.from(classes.priority, (priority) => priorities.indexOf(priority))
    this.room = new Float64Array(2 * cell.resources.length)
    this.sums = new Float64Array(KEPT * 2 * this.levels * cell.resources.length)
  }

  /** False where no eviction makes room for this class on this machine. Only where nothing is overcommitted: then room is a plain sum. */
  mayHold(taskClass: number, machine: number): boolean {
    const { cell, levels, sums } = this
    const { request } = cell
    const sparesProduction = cell.trace.classes.tier[taskClass] === this.production && this.production !== NONE
    const row = (this.slotOf(machine) * 2 + (sparesProduction ? 1 : 0)) * levels + this.levelOf[taskClass]
    for (let r = 0; r < request.length; r++) {
      const asked = request[r][taskClass]
      if (asked > 0 && asked > sums[row * request.length + r]) return false
    }
    return cell.present[machine] === 1
  }

  private slotOf(machine: number): number {
    const { asOf, cell } = this
    const slot = machine & (KEPT - 1)
    if (this.machine[slot] === machine && asOf[slot] === cell.changes) return slot
    this.machine[slot] = machine
    asOf[slot] = cell.changes
    this.sum(slot, machine)
    return slot
  }

  private sum(slot: number, machine: number): void {
    const { cell, levelOf, levels, production, room, sums } = this
    const { request, tasks } = cell
    const { tier } = cell.trace.classes
    const width = request.length
    const all = slot * 2 * levels * width
    const spared = all + levels * width
    for (let r = 0; r < width; r++) room[r] = room[width + r] = cell.free[0][r][machine]
    let level = 0
    for (let task = cell.firstTask[machine]; ; task = tasks.nextOnMachine[task]) {
      const taskClass = task === NONE ? NONE : tasks.class[task]
      const stop = task === NONE ? levels : levelOf[taskClass] + 1
      for (; level < stop; level++) {
        for (let r = 0; r < width; r++) {
          sums[all + level * width + r] = room[r]
          sums[spared + level * width + r] = room[width + r]
        }
      }
      if (task === NONE) return
      const isSpared = tier[taskClass] === production
      for (let r = 0; r < width; r++) {
        room[r] += request[r][taskClass]
        if (!isSpared) room[width + r] += request[r][taskClass]
      }
    }
  }
}
