import type { CellView } from '../sim/index.ts'
import type { FreeGpu } from './fragmentation.ts'
import { KeptAmounts } from './kept-amounts.ts'
import type { TypicalTask } from './typical-tasks.ts'

/** How many samples of typical tasks a machine is filled with, and how many tasks each has: enough for the largest of 8 devices. */
const SAMPLES = 8
const TASKS = 24
/** What filling with one kind of task alone counts beside filling with the mix. */
const SINGLE = 0.5
/** Amounts of so many machine states are kept. */
const MOST_KEPT = 200_000
/** A state begins with its model and free CPU; its devices follow, and as many of these as it has fewer than the largest machine. */
const HEAD = 2
const NO_DEVICE = -1

/** A typical task as columns want it: what it needs, and the models that it may run on. */
interface Wanted {
  readonly cpu: number
  readonly milli: number
  readonly devices: number
  /** By model, 1 where it may run. */
  readonly allowed: Uint8Array
  /** Its share of all typical tasks. */
  readonly share: number
}

/**
 * The GPU that would be left over if a machine were filled with typical tasks and nothing else: the mean over eight samples of the mix,
 * each offered largest first, plus half of the mean over kinds when the machine is filled with one kind alone. The samples are
 * quantiles of the mix, so that nothing is left to chance. Ours.
 */
export class StrandedGpu {
  private readonly kinds: readonly Wanted[]
  private readonly samples: readonly (readonly Wanted[])[]
  private readonly kept: KeptAmounts
  private readonly trial: Int32Array

  constructor({ models, machines }: CellView, typical: readonly TypicalTask[]) {
    const all = typical.reduce((sum, { tasks }) => sum + tasks, 0)
    const wanting = typical.filter(({ devices, milli }) => devices > 0 && milli > 0)
    this.kinds = wanting.map(({ cpu, milli, devices, models: rows, tasks }) => ({
      ...{ cpu, milli, devices, share: tasks / all },
      allowed: Uint8Array.from(models, (_, row) => (rows === null || rows.includes(row) ? 1 : 0)),
    }))
    this.samples = this.kinds.length > 0 ? Array.from({ length: SAMPLES }, (_, sample) => this.quantiles(sample)) : []
    let most = 0
    for (let m = 0; m < machines.count; m++) most = Math.max(most, machines.deviceStart[m + 1] - machines.deviceStart[m])
    this.trial = new Int32Array(most)
    this.kept = new KeptAmounts(HEAD + most, MOST_KEPT)
  }

  /** Milli-GPU; the same for every order of the devices. */
  amount(machine: FreeGpu): number {
    this.describe(machine)
    const known = this.kept.find()
    if (!Number.isNaN(known)) return known
    const amount = this.mixed(machine) + SINGLE * this.single(machine)
    this.kept.keep(amount)
    return amount
  }

  /** Writes what is the same for machines with the same model, free CPU and free devices in any order. */
  private describe({ model, cpu, milli, devices }: FreeGpu): void {
    const { state } = this.kept
    state[0] = model
    state[1] = cpu
    for (let d = 0; d < devices; d++) {
      let hole = d + HEAD
      for (; hole > HEAD && state[hole - 1] > milli[d]; hole--) state[hole] = state[hole - 1]
      state[hole] = milli[d]
    }
    state.fill(NO_DEVICE, devices + HEAD)
  }

  /** Kinds at equal steps through the mix, the largest first, then those with the least CPU. */
  private quantiles(sample: number): readonly Wanted[] {
    const upTo: number[] = []
    for (const { share } of this.kinds) upTo.push((upTo[upTo.length - 1] ?? 0) + share)
    const whole = upTo[upTo.length - 1]
    const picked = Array.from({ length: TASKS }, (_, i) => {
      const quantile = ((i + (sample + 0.5) / SAMPLES) / TASKS) * whole
      return this.kinds[Math.min(upTo.filter((sum) => sum < quantile).length, this.kinds.length - 1)]
    })
    return picked.sort((a, b) => b.devices * b.milli - a.devices * a.milli || a.cpu - b.cpu)
  }

  private mixed(machine: FreeGpu): number {
    let left = 0
    for (const sample of this.samples) left += this.leftAfter(sample, machine)
    return left / Math.max(1, this.samples.length)
  }

  private leftAfter(sample: readonly Wanted[], { model, cpu, milli, devices }: FreeGpu): number {
    const { trial } = this
    let cpuLeft = cpu
    let left = 0
    for (let d = 0; d < devices; d++) {
      trial[d] = milli[d]
      left += milli[d]
    }
    for (const wanted of sample) {
      if (wanted.cpu > cpuLeft || wanted.allowed[model] === 0) continue
      if (!this.takeTightest(wanted, devices)) continue
      cpuLeft -= wanted.cpu
      left -= wanted.devices * wanted.milli
    }
    return left
  }

  /** Takes the tightest devices of the trial for the task, if enough have room. */
  private takeTightest({ devices: count, milli }: Wanted, devices: number): boolean {
    const { trial } = this
    if (count === 1) {
      let tightest = -1
      for (let d = 0; d < devices; d++) {
        if (trial[d] >= milli && (tightest < 0 || trial[d] < trial[tightest])) tightest = d
      }
      if (tightest < 0) return false
      trial[tightest] -= milli
      return true
    }
    let withRoom = 0
    for (let d = 0; d < devices; d++) if (trial[d] >= milli) withRoom++
    if (withRoom < count) return false
    for (let d = 0, taken = 0; taken < count; d++) {
      if (trial[d] < milli) continue
      trial[d] -= milli
      taken++
    }
    return true
  }

  private single({ model, cpu, milli, devices }: FreeGpu): number {
    let left = 0
    for (const wanted of this.kinds) {
      let free = 0
      let room = 0
      for (let d = 0; d < devices; d++) {
        free += milli[d]
        room += Math.floor(milli[d] / wanted.milli)
      }
      const most = wanted.allowed[model] === 0 ? 0 : Math.floor(Math.min(room / wanted.devices, wanted.cpu > 0 ? cpu / wanted.cpu : room))
      left += wanted.share * (free - most * wanted.devices * wanted.milli)
    }
    return left
  }
}
