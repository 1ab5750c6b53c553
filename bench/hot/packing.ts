import { overcommitPolicies, packingPolicies, parsePacking } from '../../policies/index.ts'
import { Allocator, Cell, NONE, type PackingPolicy, type Trace } from '../../sim/index.ts'
import { generateTrace } from '../../workloads/index.ts'
import type { Case } from './case.ts'

/** By policy, one decision on a cell as full as its profile: the best machine for the next task, placed, and the oldest one released. */
export function packing(profile: 'google-2011' | 'openb', machines: number): () => Promise<readonly Case[]> {
  return async () => {
    const trace = generateTrace(profile, { machines, days: 0.05, seed: 1 })
    return Object.entries<PackingPolicy>(packingPolicies)
      .filter(([, { cells }]) => cells === undefined || profile === 'openb')
      .map(([name]) => ({ name, run: churn(trace, name) }))
  }
}

function churn(trace: Trace, packing: string): () => void {
  const { policy, parameters } = parsePacking(packing)
  const cell = new Cell(trace, overcommitPolicies.none, {})
  const allocator = new Allocator(cell, policy, parameters, { tie: 'lowest-id', seed: 1, scoreStep: 0 })
  const placed: number[] = []
  let run = 0
  const placeNext = () => {
    const taskClass = trace.runs.class[run]
    const machine = allocator.choose(taskClass)
    if (machine !== NONE) {
      const task = cell.tasks.add(run, taskClass, trace.tasks.job[trace.runs.task[run]], 0)
      cell.place(task, machine, allocator.devices(taskClass, machine))
      placed.push(task)
    }
    run = (run + 1) % trace.runs.count
  }
  while (run < trace.runs.count - 1 && trace.runs.preplaced[run]) placeNext()
  while (placed.length === 0) placeNext()
  let oldest = 0
  return () => {
    placeNext()
    if (oldest === placed.length) return
    const task = placed[oldest++]
    cell.release(task)
    cell.tasks.remove(task)
  }
}
