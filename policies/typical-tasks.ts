import type { CellView } from '../sim/index.ts'

/** Kinds of tasks that are alike in CPU, GPU and allowed models, and how many tasks of the trace each stands for. */
export interface TypicalTask {
  readonly cpu: number
  /** Milli-GPU on each of `devices` devices. */
  readonly milli: number
  readonly devices: number
  /** Rows of the allowed models, or null for any. */
  readonly models: readonly number[] | null
  readonly tasks: number
}

/** The share of all tasks that the typical ones stand for. */
const SHARE = 0.95

/**
 * The commonest kinds of tasks, memory ignored, the fewest that make 95 % of all: of the trace as it was given, so known beforehand.
 * Weng et al., "Beware of Fragmentation" (ATC '23), section 4.2 and artifact; equal counts in descending order of CPU, milli-GPU,
 * devices, models.
 */
export function typicalTasks({ classes, models }: CellView): readonly TypicalTask[] {
  const kinds = new Map<string, { readonly spec: string } & TypicalTask>()
  const cpu = classes.request.cpu ?? new Float64Array(classes.count)
  for (let c = 0; c < classes.count; c++) {
    const allowed = classes.models[c]
    const spec = allowed === null ? '' : allowed.map((row) => models[row]).join('|')
    const key = `${cpu[c]};${classes.milli[c]};${classes.devices[c]};${spec}`
    const tasks = classes.tasks[c] + (kinds.get(key)?.tasks ?? 0)
    kinds.set(key, { spec, cpu: cpu[c], milli: classes.milli[c], devices: classes.devices[c], models: allowed, tasks })
  }
  const sorted = [...kinds.values()].sort(
    (a, b) => b.tasks - a.tasks || b.cpu - a.cpu || b.milli - a.milli || b.devices - a.devices || (a.spec < b.spec ? 1 : -1),
  )
  const all = sorted.reduce((sum, { tasks }) => sum + tasks, 0)
  let stoodFor = 0
  return sorted.filter(({ tasks }) => {
    const isNeeded = stoodFor < SHARE * all
    stoodFor += tasks
    return isNeeded && tasks > 0
  })
}
