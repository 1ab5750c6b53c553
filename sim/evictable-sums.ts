import type { Cell } from './cell.ts'
import { NONE } from './trace.ts'

/**
 * What the tasks on each machine hold together, by priority and whether they are production: from these few sums follows what a
 * machine would have free with some of them gone. Only where nothing is overcommitted: then room is a plain sum.
 */
export class EvictableSums {
  /** By class, where its tasks count; those of lower priority stand before. */
  readonly groupOf: Int32Array
  private readonly lower: Int32Array
  /** By group: whether its tasks are production. */
  private readonly isProduction: readonly boolean[]
  /** For each priority of the trace, lowest first: how many groups are of it or lower. */
  readonly levels: readonly number[]
  /** By machine, then group, then resource. */
  private readonly sums: Float64Array
  private readonly cell: Cell
  private readonly production: number

  /** Of an empty cell, whose sums are kept from now on. */
  constructor(cell: Cell, production: number) {
    const { priority, tier } = cell.trace.classes
    const groups = new Map<number, number>()
    const keys = Array.from(priority, (one, taskClass) => 2 * one + (tier[taskClass] === production ? 1 : 0))
    for (const key of [...new Set(keys)].sort((a, b) => a - b)) groups.set(key, groups.size)
    this.cell = cell
    this.production = production
    this.groupOf = Int32Array.from(keys, (key) => groups.get(key) ?? NONE)
    this.isProduction = [...groups.keys()].map((key) => key % 2 !== 0)
    const priorities = [...groups.keys()].map((key) => Math.floor(key / 2))
    this.levels = priorities.flatMap((one, group) => (one === priorities[group + 1] ? [] : [group + 1]))
    this.lower = Int32Array.from(priority, (one) => priorities.indexOf(one))
    this.sums = new Float64Array(cell.machines * groups.size * cell.resources.length)
    cell.evictable = this
  }

  /** Counts (+1) or no longer counts (−1) a task of this class. */
  count(taskClass: number, machine: number, sign: 1 | -1): void {
    const { cell, groupOf, isProduction, sums } = this
    const { request } = cell
    const row = (machine * isProduction.length + groupOf[taskClass]) * request.length
    for (let r = 0; r < request.length; r++) sums[row + r] += sign * request[r][taskClass]
  }

  /** How many groups are of lower priority than this class. */
  below(taskClass: number): number {
    return this.lower[taskClass]
  }

  /** Whether a task of this class evicts no production. */
  spares(taskClass: number): boolean {
    return this.production !== NONE && this.cell.trace.classes.tier[taskClass] === this.production
  }

  /** What a machine would have free of a resource without the tasks of the first `groups`; production stays where it is spared. */
  room(machine: number, r: number, groups: number, sparesProduction: boolean): number {
    const { cell, isProduction, sums } = this
    const width = cell.resources.length
    let room = cell.free[0][r][machine]
    for (let group = 0, at = machine * isProduction.length * width + r; group < groups; group++, at += width)
      if (!sparesProduction || !isProduction[group]) room += sums[at]
    return room
  }

  /** False where evicting no tasks but those of the first `groups` makes no room for this class on this machine. */
  mayHold(taskClass: number, machine: number, groups: number): boolean {
    const { cell } = this
    if (cell.present[machine] === 0) return false
    const sparesProduction = this.spares(taskClass)
    for (let r = 0; r < cell.request.length; r++) {
      const asked = cell.request[r][taskClass]
      if (asked > 0 && asked > this.room(machine, r, groups, sparesProduction)) return false
    }
    return true
  }
}
