import { setFlagsFromString } from 'node:v8'
import { admissionPolicies, overcommitPolicies, parsePacking, parsePolicy } from '../policies/index.ts'
import { simulate } from '../sim/index.ts'
import { streamProfile } from '../workloads/index.ts'

void setFlagsFromString
const [days = '29', machines = '12583', packing = 'best-fit', preemption = 'borg'] = process.argv.slice(2)
const began = performance.now()
const stream = streamProfile('google-2011', { machines: Number(machines), days: Number(days), seed: 1 })
const drawn = performance.now()
const { result, effort } = simulate(stream, {
  packing: parsePacking(packing),
  admission: parsePolicy('admission', admissionPolicies, 'admit-all'),
  overcommit: parsePolicy('overcommit', overcommitPolicies, 'none'),
  tie: 'lowest-id',
  preemption: preemption as 'borg',
  scoreStep: 0,
  seed: 1,
  warmUp: 0,
  picture: false,
})
const seconds = (performance.now() - began) / 1000
const evicted = Object.values(result.evictions).reduce((sum, { preempted }) => sum + preempted, 0)
console.log(
  JSON.stringify({
    days,
    machines,
    packing,
    preemption,
    survey: (drawn - began) / 1000,
    seconds,
    user: process.resourceUsage().userCPUTime / 1e6,
    tasks: result.tasks,
    runs: result.runs,
    placed: result.placed,
    evicted,
    evictedShare: evicted / result.tasks,
    waits: result.wait.all.count,
    p99: result.wait.all.p99,
    mean: result.wait.all.mean,
    p90: result.wait.all.p90,
    pending: result.pending,
    running: result.running,
    cpu: result.utilisation.cpu.allocated,
    memory: result.utilisation.memory.allocated,
    ...effort,
    examinedPer: effort.machinesExamined / effort.decisions,
    peakMB: process.resourceUsage().maxRSS / 1024,
  }),
)
