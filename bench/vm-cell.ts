import { type RandomStream, randomStream, type Trace, TraceBuilder } from '../sim/index.ts'

/** DSLab's benchmark shape: equal hosts of 144 cores and 204,800 MB, VMs of {1, 2, 4, 8} cores × {512, 1024, 2048} MB. */
const HOST = [144, 204_800] as const
const CORES = [1, 2, 4, 8]
const MEMORY = [512, 1024, 2048]
const RESOURCES = [
  { name: 'cpu', unit: 'core', scale: 1 },
  { name: 'memory', unit: 'MB', scale: 1024 },
]

/** A cell of such hosts and the twelve kinds of VM, as classes 0 to 11. */
export function vmCell(hosts: number): Trace {
  const builder = new TraceBuilder({ name: 'vms', format: 'made', resources: RESOURCES, tiers: ['batch'] })
  for (let host = 0; host < hosts; host++) builder.machine({ id: `${host}`, capacity: HOST, present: true })
  const kinds = CORES.flatMap((cores) => MEMORY.map((memory) => [cores, memory]))
  const job = builder.job('vms', builder.user(''), 'batch')
  for (const request of kinds) {
    const kind = builder.class({ request, priority: 0, tier: 'batch' })
    builder.run({ task: builder.task(job, kind), class: kind, arrival: 0, runTime: Number.POSITIVE_INFINITY, end: 'none' })
  }
  return builder.trace({ start: 0, end: 1, counts: {}, skipped: {} })
}

/** So many kinds of VM, drawn evenly. */
export function drawVms({ classes }: Trace, count: number, seed: number): Int32Array {
  const draw = randomStream(seed, 'vms')
  return Int32Array.from({ length: count }, () => below(draw, classes.count))
}

/** So many classes of the trace's runs, each run drawn as often as any other. */
export function drawTasks({ runs }: Trace, count: number, seed: number): Int32Array {
  const draw = randomStream(seed, 'tasks')
  return Int32Array.from({ length: count }, () => runs.class[below(draw, runs.count)])
}

/** A whole number from 0 to below `count`. */
export function below(draw: RandomStream, count: number): number {
  return Math.floor(draw() * count)
}
