import type { Stream } from './arrival-source.ts'
import { AsRecorded } from './as-recorded.ts'
import { check } from './check.ts'
import { type MeasureOptions, Measures } from './measures.ts'
import type { Observer } from './observer.ts'
import type { RunResult } from './run-result.ts'
import { Simulation, type SimulationOptions } from './simulation.ts'
import type { Trace } from './trace.ts'

export interface SimulateOptions extends SimulationOptions, MeasureOptions {
  /** Place each run where and when the trace did, instead of asking the policies. */
  readonly asRecorded?: boolean
  /** Verify after every event that nothing is lost or counted twice. */
  readonly check?: boolean
}

/** What of a run is not a result: it differs from machine to machine. */
export interface Effort {
  readonly decisions: number
  readonly machinesExamined: number
}

/** A run that is being watched. */
export type Run = Simulation | AsRecorded

/** Runs a trace through the policies, from its opening to its close. Throws at the first breach where `check` is set. */
export function simulate(
  input: Trace | Stream,
  options: SimulateOptions,
  observe: (run: Run) => readonly Observer[] = () => [],
): { readonly result: RunResult; readonly effort: Effort } {
  let measures: Measures | undefined
  const observers = (run: Run): readonly Observer[] => {
    measures = new Measures(run, options)
    return [measures, ...observe(run), ...(options.check && run instanceof Simulation ? [check(run)] : [])]
  }
  const run =
    options.asRecorded && !('workload' in input)
      ? new AsRecorded(input, options.overcommit, observers, options.constraint)
      : new Simulation(input, options, observers)
  while (run.step());
  if (!measures) throw new Error('nothing was measured')
  const { decisions, examined } = run instanceof Simulation ? run.allocator : { decisions: 0, examined: 0 }
  return { result: measures.result(), effort: { decisions, machinesExamined: examined } }
}
