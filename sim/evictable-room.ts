import type { Cell } from './cell.ts'
import type { EvictableSums } from './evictable-sums.ts'
import { RoomTree } from './room-tree.ts'

interface Level {
  /** So many groups of tasks may go. */
  readonly groups: number
  readonly sparesProduction: boolean
  readonly tree: RoomTree
}

/** What each machine would have free with everybody up to some priority gone, as a tournament by machine for each priority asked about. */
export class EvictableRoom {
  private readonly levels: Level[] = []
  /** By machine: `cell.changes` when it was last brought up to date by itself. */
  private readonly written: Float64Array
  private asOf = -1
  private readonly cell: Cell
  readonly sums: EvictableSums

  constructor(cell: Cell, sums: EvictableSums) {
    this.cell = cell
    this.sums = sums
    this.written = new Float64Array(cell.machines).fill(-1)
  }

  /** The tournament for victims of the first so many groups, right as of now. */
  without(groups: number, sparesProduction: boolean): RoomTree {
    this.catchUp()
    const known = this.levels.find((level) => level.groups === groups && level.sparesProduction === sparesProduction)
    if (known) return known.tree
    const level = { groups, sparesProduction, tree: new RoomTree(this.cell.machines, this.cell.resources.length) }
    this.levels.push(level)
    for (let m = 0; m < this.cell.machines; m++) this.write(level, m)
    return level.tree
  }

  private catchUp(): void {
    const { asOf, cell, levels, written } = this
    const { changes } = cell
    this.asOf = changes
    if (asOf < 0 || changes - asOf > cell.machines >> 1) {
      for (const level of levels) for (let m = 0; m < cell.machines; m++) this.write(level, m)
      return
    }
    for (let change = asOf; change < changes; change++) {
      const machine = cell.machineOfChange(change)
      // Most that changed did so more than once.
      if (written[machine] === changes) continue
      written[machine] = changes
      for (const level of levels) this.write(level, machine)
    }
  }

  private write({ groups, sparesProduction, tree }: Level, machine: number): void {
    const { cell, sums } = this
    for (let r = 0; r < cell.resources.length; r++) {
      const room = cell.present[machine] === 1 ? sums.room(machine, r, groups, sparesProduction) : Number.NEGATIVE_INFINITY
      tree.set(machine, r, room)
    }
  }
}
