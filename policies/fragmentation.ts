import type { CellView } from '../sim/index.ts'
import { type TypicalTask, typicalTasks } from './typical-tasks.ts'

/** The free GPU of one machine, perhaps with a task that is only imagined there. */
export interface FreeGpu {
  /** Row in `models`. */
  model: number
  cpu: number
  /** Free milli-GPU of the first `devices` entries. */
  readonly milli: Int32Array
  devices: number
}

/** Why free GPU is of no use to a typical task, or to which rest of a machine that it fits. */
export const FRAGMENT_CAUSES = [
  'wants no GPU',
  'model not allowed',
  'too few devices with room',
  'too little CPU',
  'rest too small',
] as const

/** The typical tasks that may run on one model, by ascending milli-GPU, as columns. */
interface Allowed {
  readonly milli: Int32Array
  readonly devices: Int32Array
  readonly cpu: Float64Array
  readonly tasks: Float64Array
  /** Tasks that want no GPU, and tasks whose models do not include this one. */
  readonly withoutGpu: number
  readonly notAllowed: number
}

/**
 * How much of a machine's free GPU a typical task cannot use: F_N = Σ_c p_c F_N(c). Weng et al., "Beware of Fragmentation"
 * (ATC '23), section 4.2. Memory is left out, as there.
 */
export class Fragmentation {
  /** Tasks that the typical ones stand for: amounts are sums over them, exact integers, to be divided by this. */
  readonly tasks: number
  private readonly byModel: readonly Allowed[]
  private readonly cell: CellView
  private readonly cpu: Readonly<Float64Array>

  constructor(cell: CellView) {
    this.cell = cell
    this.cpu = cell.machines.free.cpu ?? new Float64Array(cell.machines.count)
    const typical = typicalTasks(cell)
    this.tasks = Math.max(
      1,
      typical.reduce((sum, { tasks }) => sum + tasks, 0),
    )
    this.byModel = cell.models.map((_, model) => allowedOn(typical, model))
  }

  /** A machine to imagine with, large enough for any of the cell. */
  blank(): FreeGpu {
    const { deviceStart, count } = this.cell.machines
    let most = 0
    for (let m = 0; m < count; m++) most = Math.max(most, deviceStart[m + 1] - deviceStart[m])
    return { model: 0, cpu: 0, milli: new Int32Array(most), devices: 0 }
  }

  /** Fills in a machine as it is now. */
  read(machine: number, into: FreeGpu): void {
    const { deviceFree, deviceStart, model } = this.cell.machines
    const start = deviceStart[machine]
    into.model = model[machine]
    into.cpu = this.cpu[machine]
    into.devices = deviceStart[machine + 1] - start
    for (let d = 0; d < into.devices; d++) into.milli[d] = deviceFree[start + d]
  }

  /** Milli-GPU that typical tasks cannot use, × `tasks`. */
  amount({ model, cpu, milli, devices }: FreeGpu): number {
    const allowed = this.byModel[model]
    let free = 0
    for (let d = 0; d < devices; d++) free += milli[d]
    let amount = (allowed.withoutGpu + allowed.notAllowed) * free
    let asked = -1
    let withRoom = 0
    let rest = 0
    for (let c = 0; c < allowed.milli.length; c++) {
      if (allowed.milli[c] !== asked) {
        asked = allowed.milli[c]
        withRoom = 0
        rest = 0
        for (let d = 0; d < devices; d++) {
          if (milli[d] >= asked) withRoom++
          else rest += milli[d]
        }
      }
      amount += allowed.tasks[c] * (withRoom >= allowed.devices[c] && cpu >= allowed.cpu[c] ? rest : free)
    }
    return amount
  }

  /** The same amount, added to `into` by cause, in the order of FRAGMENT_CAUSES. */
  addByCause({ model, cpu, milli, devices }: FreeGpu, into: Float64Array, sign: 1 | -1): void {
    const allowed = this.byModel[model]
    const free = milli.subarray(0, devices).reduce((sum, one) => sum + one, 0)
    into[0] += sign * allowed.withoutGpu * free
    into[1] += sign * allowed.notAllowed * free
    for (const [c, asked] of allowed.milli.entries()) {
      let withRoom = 0
      let rest = 0
      for (let d = 0; d < devices; d++) {
        if (milli[d] >= asked) withRoom++
        else rest += milli[d]
      }
      if (withRoom < allowed.devices[c]) into[2] += sign * allowed.tasks[c] * free
      else if (cpu < allowed.cpu[c]) into[3] += sign * allowed.tasks[c] * free
      else into[4] += sign * allowed.tasks[c] * rest
    }
  }
}

function allowedOn(typical: readonly TypicalTask[], model: number): Allowed {
  const count = (tasks: readonly TypicalTask[]) => tasks.reduce((sum, one) => sum + one.tasks, 0)
  const wanting = typical.filter(({ devices, milli }) => devices > 0 && milli > 0)
  const allowed = wanting.filter(({ models }) => models === null || models.includes(model)).sort((a, b) => a.milli - b.milli)
  return {
    milli: Int32Array.from(allowed, ({ milli }) => milli),
    devices: Int32Array.from(allowed, ({ devices }) => devices),
    cpu: Float64Array.from(allowed, ({ cpu }) => cpu),
    tasks: Float64Array.from(allowed, ({ tasks }) => tasks),
    withoutGpu: count(typical) - count(wanting),
    notAllowed: count(wanting) - count(allowed),
  }
}
