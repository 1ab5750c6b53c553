import type { EvictionCause, Observer } from './observer.ts'
import { Simulation, type SimulationOptions } from './simulation.ts'
import type { Trace } from './trace.ts'

/** What the cell did, in order. Times in microseconds, runs and machines as rows of the trace. */
export type Decision =
  | { readonly kind: 'place'; readonly time: number; readonly run: number; readonly machine: number }
  | { readonly kind: 'evict'; readonly time: number; readonly run: number; readonly machine: number; readonly cause: EvictionCause }
  | { readonly kind: 'end'; readonly time: number; readonly run: number; readonly machine: number }
  | { readonly kind: 'wait' | 'never-placeable' | 'turned-away'; readonly time: number; readonly run: number }

/** The simulation as a sequence: `for (const decision of decisions(trace, options)) …`. Stopping early is fine. */
export function* decisions(trace: Trace, options: SimulationOptions): Generator<Decision> {
  const made: Decision[] = []
  const simulation = new Simulation(trace, options, (run) => [decisionObserver(run, (decision) => made.push(decision))])
  while (simulation.step()) {
    yield* made
    made.length = 0
  }
}

/** An observer that tells each decision as a value. */
export function decisionObserver(simulation: Simulation, tell: (decision: Decision) => void): Observer {
  const { tasks } = simulation.cell
  const about = (task: number) => ({ time: simulation.now, run: tasks.run[task] })
  return {
    placed: (task, machine) => tell({ kind: 'place', ...about(task), machine }),
    evicted: (task, cause) => tell({ kind: 'evict', ...about(task), machine: tasks.machine[task], cause }),
    ended: (task) => tell({ kind: 'end', ...about(task), machine: tasks.machine[task] }),
    waits: (task) => tell({ kind: 'wait', ...about(task) }),
    neverPlaceable: (task) => tell({ kind: 'never-placeable', ...about(task) }),
    turnedAway: (task) => tell({ kind: 'turned-away', ...about(task) }),
  }
}
