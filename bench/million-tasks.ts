import { admissionPolicies, overcommitPolicies, packingPolicies, parsePolicy } from '../policies/index.ts'
import { simulate } from '../sim/index.ts'
import { generateTrace } from '../workloads/index.ts'

/**
 * 1,000,000 generated tasks on 10,000 machines with one packing policy, in one process: tasks a second and peak memory.
 * `npm run bench:million -- [policy]`.
 */
const MACHINES = 10_000
// So many that at least 1,000,000 tasks come, the base counted in.
const DAYS = 1.4
const [packing = 'best-fit'] = process.argv.slice(2)

const began = performance.now()

const trace = generateTrace('google-2011', { machines: MACHINES, days: DAYS, seed: 1 })
const generated = performance.now()
const { result, effort } = simulate(trace, {
  packing: parsePolicy('packing', packingPolicies, packing),
  admission: parsePolicy('admission', admissionPolicies, 'admit-all'),
  overcommit: parsePolicy('overcommit', overcommitPolicies, 'none'),
  tie: 'lowest-id',
  preemption: 'none',
  scoreStep: 0,
  seed: 1,
  warmUp: 0,
  picture: false,
})
const seconds = (performance.now() - generated) / 1000
console.log(
  JSON.stringify(
    {
      packing,
      machines: MACHINES,
      tasks: trace.tasks.count,
      runs: trace.runs.count,
      placed: result.placed,
      generate_seconds: round((generated - began) / 1000),
      seconds: round(seconds),
      tasks_per_second: Math.round(trace.tasks.count / seconds),
      decisions: effort.decisions,
      nanoseconds_per_machine_examined: round((seconds * 1e9) / effort.machinesExamined),
      cpu_allocated_mean: round(result.utilisation.cpu.allocated),
      wait_mean_s: round(result.wait.all.mean),
      peak_memory_bytes: process.resourceUsage().maxRSS * 1024,
    },
    null,
    2,
  ),
)

function round(value: number): number {
  return Number(value.toPrecision(4))
}
