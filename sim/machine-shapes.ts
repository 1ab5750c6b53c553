import type { Cell } from './cell.ts'

/** The different shapes of machines (capacity, devices, model) that a trace ever has, the most frequent first. */
export class MachineShapes {
  /** By shape: how many machines are of it, or become so. */
  readonly counts: readonly number[]
  private readonly shapeOf: Int32Array
  private readonly byKey: ReadonlyMap<string, number>
  /** By shape, then resource. */
  private readonly capacity: readonly (readonly number[])[]
  private readonly cell: Cell

  constructor(cell: Cell) {
    this.cell = cell
    const { machineEvents, machines } = cell.trace
    const found = new Map<string, { count: number; readonly capacity: readonly number[] }>()
    const keys = Array.from({ length: cell.machines }, (_, m) => count(m, machines.capacity, m))
    for (let event = 0; event < machineEvents.count; event++) count(machineEvents.machine[event], machineEvents.capacity, event)
    const sorted = [...found].sort(([, a], [, b]) => b.count - a.count)
    this.byKey = new Map(sorted.map(([key], shape) => [key, shape]))
    this.counts = sorted.map(([, { count: machinesOfIt }]) => machinesOfIt)
    this.capacity = sorted.map(([, { capacity }]) => capacity)
    this.shapeOf = Int32Array.from(keys, (key) => this.row(key))

    function count(machine: number, columns: readonly Float64Array[], row: number): string {
      const capacity = cell.resourceRows.map((r) => columns[r][row])
      const key = keyOf(cell, machine, capacity)
      const shape = found.get(key) ?? { count: 0, capacity }
      shape.count++
      found.set(key, shape)
      return key
    }
  }

  /** The machine's present shape. */
  of(machine: number): number {
    const { capacity } = this.cell
    const known = this.capacity[this.shapeOf[machine]]
    for (let r = 0; r < capacity.length; r++) {
      if (capacity[r][machine] === known[r]) continue
      const now = capacity.map((column) => column[machine])
      this.shapeOf[machine] = this.row(keyOf(this.cell, machine, now))
      break
    }
    return this.shapeOf[machine]
  }

  private row(key: string): number {
    const row = this.byKey.get(key)
    if (row === undefined) throw new Error(`a machine has a shape that the trace does not know: ${key}`)
    return row
  }
}

function keyOf({ trace }: Cell, machine: number, capacity: readonly number[]): string {
  return `${capacity.join()}/${trace.machines.devices[machine]}/${trace.machines.model[machine]}`
}
