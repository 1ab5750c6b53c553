import { admissionPolicies, overcommitPolicies, parsePacking, parsePolicy } from '../policies/index.ts'
import { type PREEMPTIONS, simulate, type Trace } from '../sim/index.ts'
import { generateTrace, openTrace } from '../workloads/index.ts'
import type { Measured } from './measured.ts'
import { vmReplay } from './vm-replay.ts'

export interface ReplayOptions {
  /** A google-2011 cell of so many machines, for so many days. */
  readonly machines: number
  readonly days: number
  /** Where above 0, hosts, VMs and cloudlets as CloudSim Plus has them, in its stead. */
  readonly hosts: number
  readonly vms: number
  readonly cloudlets: number
  /** Where given, the path of a trace of any format, in the stead of either. */
  readonly trace?: string
  readonly packing: string
  readonly preemption: (typeof PREEMPTIONS)[number]
  readonly seed: number
}

/** A whole run through the simulation with its measures: an event is an arrival, an end, a machine's change or a decision. */
export async function replay(options: ReplayOptions): Promise<Measured> {
  const { hosts, packing, preemption, seed } = options
  const made = performance.now()
  const trace = await make(options)
  const began = performance.now()
  let events = 0
  const { result, effort } = simulate(
    trace,
    {
      packing: parsePacking(packing),
      admission: parsePolicy('admission', admissionPolicies, 'admit-all'),
      overcommit: parsePolicy('overcommit', overcommitPolicies, 'none'),
      tie: 'lowest-id',
      preemption,
      scoreStep: 0,
      seed,
      warmUp: 0,
      picture: false,
    },
    () => [{ settled: () => events++ }],
  )
  const seconds = (performance.now() - began) / 1000
  if (hosts > 0 && result.placed < trace.runs.count) throw new Error(`${trace.runs.count - result.placed} VMs and cloudlets found no room`)
  return {
    unit: 'events',
    count: events,
    seconds,
    more: {
      generate_seconds: (began - made) / 1000,
      tasks: trace.tasks.count,
      placed: result.placed,
      placements_per_second: result.placed / seconds,
      machines_examined_per_decision: effort.machinesExamined / effort.decisions,
      waited_seconds: result.wait.all.mean * result.wait.all.count,
      cpu_allocated_mean: result.utilisation.cpu.allocated,
    },
  }
}

async function make(options: ReplayOptions): Promise<Trace> {
  if (options.trace !== undefined) return openTrace(options.trace)
  const { machines, days, hosts, seed } = options
  return hosts > 0 ? vmReplay(options) : generateTrace('google-2011', { machines, days, seed })
}
