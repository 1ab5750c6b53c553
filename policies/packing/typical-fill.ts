import type { CellView, PackingPolicy } from '../../sim/index.ts'
import { Fragmentation, type FreeGpu } from '../fragmentation.ts'
import { StrandedGpu } from '../stranded-gpu.ts'
import { typicalTasks } from '../typical-tasks.ts'

/**
 * Imagines each machine filled up with typical tasks alone, before and after: V is the GPU that would be left over, and a task goes
 * where it wastes least, 100 · σ((V before − V after − price) / 750 milli-GPU), the price being what the machine's model is worth to
 * tasks that may run on no other. Ours; docs/gpu-packing.md says what it was tuned on. Made for integer scores: `--score-step 1`.
 */
export const typicalFill: PackingPolicy = {
  sentence: 'Keeps machines fillable: the least GPU left over, were the machine then filled with the commonest tasks.',
  source: 'ours, after the typical tasks of Weng et al. (ATC 2023)',
  cells: 'gpu',
  create: (cell) => {
    const { classes, fullestDevices } = cell
    const fragmentation = new Fragmentation(cell)
    const stranded = new StrandedGpu(cell, typicalTasks(cell))
    const price = modelPrices(cell)
    const cpu = classes.request.cpu ?? new Float64Array(classes.count)
    const machine = fragmentation.blank()

    const afterOn = (device: number, milli: number) => {
      machine.milli[device] -= milli
      const left = stranded.amount(machine)
      machine.milli[device] += milli
      return left
    }

    /** The device where a task with a share of one strands least, −1 where none has room. */
    const bestDevice = (milli: number) => {
      let best = -1
      let least = Number.POSITIVE_INFINITY
      for (let d = 0; d < machine.devices; d++) {
        if (machine.milli[d] < milli || (d > 0 && machine.milli[d] === machine.milli[d - 1])) continue
        const left = afterOn(d, milli)
        if (left < least) {
          least = left
          best = d
        }
      }
      return { best, least }
    }

    return {
      score: (taskClass, row) => {
        const milli = classes.milli[taskClass]
        const devices = classes.devices[taskClass]
        fragmentation.read(row, machine)
        const before = stranded.amount(machine)
        machine.cpu -= cpu[taskClass]
        let after: number
        if (devices === 1) after = bestDevice(milli).least
        else {
          take(machine, fullestDevices(machine.milli, 0, machine.devices, devices, milli), milli)
          after = stranded.amount(machine)
        }
        const gain = before - after - price[machine.model] * devices * milli
        return 100 / (1 + Math.exp(-gain / SCALE))
      },
      device: (taskClass, row) => {
        fragmentation.read(row, machine)
        machine.cpu -= cpu[taskClass]
        return bestDevice(classes.milli[taskClass]).best
      },
    }
  },
}

/** Milli-GPU at which the logistic function bends. */
const SCALE = 750

function take(machine: FreeGpu, bits: number, milli: number): void {
  for (let d = 0; d < machine.devices; d++) if (bits & (1 << d)) machine.milli[d] -= milli
}

/**
 * By model: its share of the GPU that typical tasks ask for and that is bound to some of the cell's models, relative to its share of the
 * cell's GPUs. A task that allows several models counts for each by how many GPUs the cell has of it. 0 where no task is bound.
 */
function modelPrices(cell: CellView): Float64Array {
  const { machines, models } = cell
  const devices = new Float64Array(models.length)
  for (let m = 0; m < machines.count; m++) devices[machines.model[m]] += machines.deviceStart[m + 1] - machines.deviceStart[m]
  const all = devices.reduce((sum, one) => sum + one, 0)
  const bound = new Float64Array(models.length)
  let asked = 0
  for (const { models: allowed, tasks, devices: count, milli } of typicalTasks(cell)) {
    const demand = tasks * count * milli
    asked += demand
    if (allowed === null) continue
    const own = new Set(allowed)
    const usable = devices.reduce((sum, one, model) => sum + (own.has(model) ? one : 0), 0)
    if (usable === all || usable === 0) continue
    for (const model of own) bound[model] += (demand * devices[model]) / usable
  }
  return bound.map((demand, model) => (devices[model] > 0 && asked > 0 ? demand / asked / (devices[model] / all) : 0))
}
