import { Command, Option } from 'commander'
import { admissionPolicies, overcommitPolicies, parsePacking, parsePolicy } from '../policies/index.ts'
import { type Distribution, PREEMPTIONS, type PreemptionRule, simulate } from '../sim/index.ts'
import { streamProfile } from '../workloads/index.ts'
import { above0, count, packing } from './read-flag.ts'

/**
 * A generated Google-2011 workload drawn while it is simulated, in one process: time, peak memory, and what became of the tasks.
 * `npm run bench:month -- --days 2.9 --machines 12583 --packing best-fit --preemption borg`; without options, the month.
 */
const program = new Command('bench:month')
  .description('a generated Google-2011 workload drawn while it is simulated: time, peak memory, and what became of the tasks')
  .option('--days <n>', 'length of its window', above0, 29)
  .option('--machines <n>', 'machines of the cell', count, 12_583)
  .option('--packing <policy>', 'packing policy', packing, 'best-fit')
  .addOption(new Option('--preemption <rule>', 'who may be evicted for whom').choices(PREEMPTIONS).default('borg'))
  .option('--seed <n>', 'the seed', count, 1)
  .parse()
const flags = program.opts<{
  readonly days: number
  readonly machines: number
  readonly packing: string
  readonly preemption: PreemptionRule
  readonly seed: number
}>()
const { days, machines, preemption, seed } = flags

const began = performance.now()
const stream = streamProfile('google-2011', { machines, days, seed })
const surveyed = performance.now()
const { result, effort } = simulate(stream, {
  packing: parsePacking(flags.packing),
  admission: parsePolicy('admission', admissionPolicies, 'admit-all'),
  overcommit: parsePolicy('overcommit', overcommitPolicies, 'none'),
  tie: 'lowest-id',
  preemption,
  scoreStep: 0,
  seed,
  warmUp: 0,
  picture: false,
})
const seconds = (performance.now() - began) / 1000
const { userCPUTime, maxRSS } = process.resourceUsage()
const evictions = Object.values(result.evictions).reduce((sum, { preempted }) => sum + preempted, 0)
const first = waited(result.wait.all)
const again = waited(result.waitAfterEviction)
console.log(
  JSON.stringify(
    {
      ...flags,
      tasks: result.tasks,
      runs: result.runs,
      placed: result.placed,
      seconds: round(seconds),
      of_these_drawing_beforehand: round((surveyed - began) / 1000),
      user_cpu_seconds: round(userCPUTime / 1e6),
      events_per_second: Math.round((2 * result.placed + 2 * evictions) / seconds),
      decisions: effort.decisions,
      machines_examined_a_decision: round(effort.machinesExamined / effort.decisions),
      cpu_allocated_mean: round(result.utilisation.cpu.allocated),
      evictions,
      evictions_a_task: round(evictions / result.tasks),
      waited_a_task: round(first / result.tasks),
      waited_after_eviction_a_task: round(again / result.tasks),
      wait_mean_s: round(result.wait.all.mean),
      pending: result.pending,
      peak_memory_bytes: maxRSS * 1024,
    },
    null,
    2,
  ),
)

/** How many waited at all, those that still did at the close among them. */
function waited({ count: placed, censored, curve }: Distribution): number {
  // The curve begins with those that did not wait, where there are some.
  const atOnce = curve.value[0] === 0 ? curve.share[0] : 0
  return Math.round(placed * (1 - atOnce)) + censored
}

function round(value: number): number {
  return Number(value.toPrecision(4))
}
