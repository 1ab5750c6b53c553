import type { Cell } from './cell.ts'
import { NONE } from './trace.ts'

interface Shape {
  readonly capacity: readonly number[]
  readonly devices: number
  readonly model: number
  count: number
}

/** The different shapes of machines (capacity, devices, model) that a trace ever has, the most frequent first. */
export class MachineShapes {
  private readonly shapes: readonly Shape[]
  private readonly shapeOf: Uint8Array
  private readonly cell: Cell

  private constructor(cell: Cell, shapes: readonly Shape[], shapeOf: Uint8Array) {
    this.cell = cell
    this.shapes = shapes
    this.shapeOf = shapeOf
  }

  /** Null where there are more than `most` (up to 255). */
  static of(cell: Cell, most: number): MachineShapes | null {
    const { machineEvents, machines } = cell.trace
    const found: Shape[] = []
    const sawMachine = (machine: number, columns: readonly Float64Array[], row: number): number => {
      let shape = found.findIndex((one) => isOf(one, cell, machine, columns, row))
      if (shape === NONE) {
        const capacity = columns.map((column) => column[row])
        shape = found.push({ capacity, devices: machines.devices[machine], model: machines.model[machine], count: 0 }) - 1
      }
      found[shape].count++
      return shape
    }
    const capacities = cell.resourceRows.map((r) => machines.capacity[r])
    const varying = [...capacities, machines.devices, machines.model].filter((column) => !isConstant(column))
    const shapeOf = new Uint8Array(cell.machines)
    // Where no column varies, the first machine speaks for all.
    const different = varying.length === 0 ? Math.min(1, cell.machines) : cell.machines
    for (let m = 0; m < different && found.length <= most; m++) {
      // Machines stand in a trace beside others of their shape.
      let isLike = m > 0
      for (const column of varying) if (column[m] !== column[m - 1]) isLike = false
      shapeOf[m] = isLike ? shapeOf[m - 1] : sawMachine(m, capacities, m)
      if (isLike) found[shapeOf[m]].count++
    }
    if (different === 1) found[0].count = cell.machines
    const changed = cell.resourceRows.map((r) => machineEvents.capacity[r])
    for (let event = 0; event < machineEvents.count && found.length <= most; event++)
      sawMachine(machineEvents.machine[event], changed, event)
    if (found.length > most) return null
    const shapes = found.toSorted((a, b) => b.count - a.count)
    const rank = found.map((shape) => shapes.indexOf(shape))
    if (shapes.length > 1) for (let m = 0; m < cell.machines; m++) shapeOf[m] = rank[shapeOf[m]]
    return new MachineShapes(cell, shapes, shapeOf)
  }

  /** By shape: how many machines are of it, or become so. */
  get counts(): readonly number[] {
    return this.shapes.map(({ count }) => count)
  }

  /** The machine's present shape. */
  of(machine: number): number {
    const { cell, shapeOf, shapes } = this
    if (!isOf(shapes[shapeOf[machine]], cell, machine, cell.capacity, machine))
      shapeOf[machine] = shapes.findIndex((shape) => isOf(shape, cell, machine, cell.capacity, machine))
    return shapeOf[machine]
  }
}

/** Whether a machine with the capacity in this row of the columns is of this shape. */
function isOf(
  { capacity, devices, model }: Shape,
  { trace }: Cell,
  machine: number,
  columns: readonly Float64Array[],
  row: number,
): boolean {
  for (let r = 0; r < columns.length; r++) if (columns[r][row] !== capacity[r]) return false
  return trace.machines.devices[machine] === devices && trace.machines.model[machine] === model
}

/** Whether all values are the same: the column is then itself moved by one place. */
function isConstant(column: Float64Array | Int32Array | Uint8Array): boolean {
  const bytes = new Uint8Array(column.buffer, column.byteOffset, column.byteLength)
  return Buffer.compare(bytes.subarray(column.BYTES_PER_ELEMENT), bytes.subarray(0, -column.BYTES_PER_ELEMENT)) === 0
}
