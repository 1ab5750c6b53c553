import { type ClassRow, InputError, type Trace } from '../../sim/index.ts'

/** A kind of pods, and how many there are of it: what a policy may know beforehand of the work to come. */
export interface MixRow {
  /** Milli-CPU. */
  readonly cpu: number
  readonly devices: number
  /** Milli-GPU of each device. */
  readonly milli: number
  /** GPU models that will do; empty for any. */
  readonly models: readonly string[]
  readonly tasks: number
}

/** The mix of a trace: its tasks by what they ask of CPU and GPU. Throws InputError where the trace counts no CPUs. */
export function mixOf(trace: Trace): readonly MixRow[] {
  const cpu = trace.resources.findIndex(({ name }) => name === 'cpu')
  if (cpu < 0) throw new InputError(`--mix: ${trace.name} does not say what its tasks ask of CPU`)
  const { classes, models } = trace
  const milliCpu = 1000 / trace.resources[cpu].scale
  return Array.from({ length: classes.count }, (_, c) => ({
    cpu: Math.round(classes.request[cpu][c] * milliCpu),
    devices: classes.devices[c],
    milli: classes.milli[c],
    models: (classes.models[c] ?? []).map((model) => models[model]),
    tasks: classes.tasks[c],
  })).filter(({ tasks }) => tasks > 0)
}

/** The mix of pods that are there, by the rows of their classes, of which CPU is the first resource. */
export function mixOfPods(rows: readonly ClassRow[]): readonly MixRow[] {
  const kinds = new Map<string, MixRow>()
  for (const { request, devices = 0, milli = 0 } of rows) {
    const key = `${request[0]};${devices};${milli}`
    kinds.set(key, { cpu: request[0], devices, milli, models: [], tasks: (kinds.get(key)?.tasks ?? 0) + 1 })
  }
  return [...kinds].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row)
}
