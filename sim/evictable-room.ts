import type { Cell } from './cell.ts'
import { RoomTree } from './room-tree.ts'
import { NONE } from './trace.ts'

interface Level {
  /** Tasks of at most this priority may go. */
  readonly priority: number
  readonly sparesProduction: boolean
  readonly tree: RoomTree
}

/**
 * What each machine would have free with everybody of at most some priority gone, as a tournament by machine for each priority that was
 * asked about. Only where nothing is overcommitted: then room is a plain sum.
 */
export class EvictableRoom {
  private readonly levels: Level[] = []
  private readonly sums: Float64Array
  private asOf = -1
  private readonly cell: Cell
  private readonly production: number

  constructor(cell: Cell, production: number) {
    this.cell = cell
    this.production = production
    this.sums = new Float64Array(cell.resources.length)
  }

  /** The tournament for victims of at most this priority, right as of now. */
  upTo(priority: number, sparesProduction: boolean): RoomTree {
    this.catchUp()
    const known = this.levels.find((level) => level.priority === priority && level.sparesProduction === sparesProduction)
    if (known) return known.tree
    const level = { priority, sparesProduction, tree: new RoomTree(this.cell.machines, this.cell.resources.length) }
    this.levels.push(level)
    for (let m = 0; m < this.cell.machines; m++) this.write(level, m)
    return level.tree
  }

  private catchUp(): void {
    const { asOf, cell, levels } = this
    this.asOf = cell.changes
    if (asOf < 0 || cell.changes - asOf > cell.machines >> 1) {
      for (const level of levels) for (let m = 0; m < cell.machines; m++) this.write(level, m)
      return
    }
    for (let change = asOf; change < cell.changes; change++) {
      const machine = cell.changed[change & (cell.changesKept - 1)]
      for (const level of levels) this.write(level, machine)
    }
  }

  private write({ priority, sparesProduction, tree }: Level, machine: number): void {
    const { cell, sums } = this
    const { tasks } = cell
    const { classes } = cell.trace
    const [free] = cell.free
    const isPresent = cell.present[machine] === 1
    for (let r = 0; r < sums.length; r++) sums[r] = isPresent ? free[r][machine] : Number.NEGATIVE_INFINITY
    for (let task = cell.firstTask[machine]; task !== NONE; task = tasks.nextOnMachine[task]) {
      const taskClass = tasks.class[task]
      if (classes.priority[taskClass] > priority) break
      if (sparesProduction && classes.tier[taskClass] === this.production) continue
      for (let r = 0; r < sums.length; r++) sums[r] += cell.request[r][taskClass]
    }
    for (let r = 0; r < sums.length; r++) tree.set(machine, r, sums[r])
  }
}
