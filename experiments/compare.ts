import type { Combination, Comparison, Contrast, MachinesNeeded, MachinesNeededTrial, Row } from './comparison.ts'
import { contrasts, mean } from './contrast.ts'
import { type RunHooks, runAll } from './run-all.ts'
import { AS_RECORDED, type RunPlan, simulationOptions } from './run-plan.ts'
import type { RunAnswer, RunOrder } from './run-worker.ts'
import { shareTrace } from './share-trace.ts'
import { seedMoves } from './trace-recipe.ts'

/** How long things took: apart from the results, because it differs from run to run. */
export interface Timing {
  readonly runs: readonly (Combination & {
    readonly seed: number
    readonly seconds: number
    readonly simulateSeconds: number
    readonly decisions: number
    readonly machinesExamined: number
  })[]
  readonly peakMemoryBytes: number
}

export interface Compared {
  readonly rows: Comparison['rows']
  readonly machinesNeeded: Comparison['machinesNeeded']
  readonly contrasts: Comparison['contrasts']
  readonly timing: Timing
}

/** Every combination at every seed, on all cores; what no seed can move is simulated once. */
export async function compare(plan: RunPlan, hooks: RunHooks<RunAnswer> = {}): Promise<Compared> {
  // Names are checked here, before any worker starts.
  for (const combination of plan.combinations) simulationOptions(plan, combination, 0)
  const orders = ordersOf(plan)
  return assemble(plan, orders, await runAll<RunOrder, RunAnswer>('run-worker', shareTrace(plan), orders, hooks))
}

/** What is to be done, seed by seed so that a worker can keep its trace. */
function ordersOf(plan: RunPlan): readonly RunOrder[] {
  return plan.seeds
    .flatMap((seed, s) =>
      plan.combinations.map(
        (combination, c): RunOrder => ({
          combination: c,
          seed,
          simulate: s === 0 || !isDeterministic(plan, combination),
          machinesNeeded: plan.machinesNeeded && combination.packing !== AS_RECORDED,
          detailed: s === 0,
        }),
      ),
    )
    .filter((order) => order.simulate || order.machinesNeeded)
}

/** Whether no seed can move a simulation of this combination. */
function isDeterministic(plan: RunPlan, combination: Combination): boolean {
  if (seedMoves(plan.recipe)) return false
  if (combination.packing === AS_RECORDED) return true
  if (plan.relaxed) return false
  const { packing, tie } = simulationOptions(plan, combination, 0)
  return ['lowest-id', 'heap'].includes(packing.policy.ties ?? tie)
}

function assemble(plan: RunPlan, orders: readonly RunOrder[], answers: readonly RunAnswer[]): Compared {
  const found = new Map(orders.map((order, i) => [`${order.combination}/${order.seed}`, answers[i]]))
  const rows = plan.combinations.flatMap((combination, c) =>
    plan.seeds.map((seed): Row => {
      const answer = found.get(`${c}/${seed}`)
      const result = answer?.result ?? found.get(`${c}/${plan.seeds[0]}`)?.result
      if (!result) throw new Error(`no result for ${combination.packing} at seed ${seed}`)
      const deterministic = isDeterministic(plan, combination)
      const { packing, tie, preemption } = simulationOptions(plan, combination, seed)
      return {
        ...combination,
        tie: packing.policy.ties ?? tie,
        preemption,
        seed,
        deterministic,
        result,
        machinesNeeded: answer?.trial ?? null,
      }
    }),
  )
  const asked = plan.machinesNeeded ? plan.combinations.filter(({ packing }) => packing !== AS_RECORDED) : []
  const needed = asked.map((combination) => summarise(combination, rowsOf(rows, combination)))
  const timing = orders.map((order, i) => {
    const { seconds, simulateSeconds, effort } = answers[i]
    return { ...plan.combinations[order.combination], seed: order.seed, seconds, simulateSeconds, ...effort }
  })
  return {
    rows,
    machinesNeeded: needed,
    contrasts: contrastsOf(plan, rows, needed),
    timing: { runs: timing, peakMemoryBytes: process.resourceUsage().maxRSS * 1024 },
  }
}

/** By machines needed where some combination always fits, else by the mean wait. */
function contrastsOf(plan: RunPlan, rows: readonly Row[], needed: readonly MachinesNeeded[]): readonly Contrast[] {
  const fitting = needed.filter(({ mean: average }) => average !== null)
  if (fitting.length > 0) {
    const measured = fitting.map(({ admission, packing, overcommit, trials }) => ({
      combination: { admission, packing, overcommit },
      values: trials.map(({ machines }) => machines ?? Number.NaN),
      varies: true,
    }))
    return contrasts('machines_needed', measured)
  }
  const measured = plan.combinations.map((combination) => {
    const own = rowsOf(rows, combination)
    return {
      combination,
      values: own.map(({ result }) => result.wait.all.meanAtLeast),
      varies: own.some(({ deterministic }) => !deterministic),
    }
  })
  return contrasts('wait_mean_at_least_s', measured)
}

function summarise(combination: Combination, rows: readonly Row[]): MachinesNeeded {
  const trials = rows.flatMap(({ machinesNeeded }): readonly MachinesNeededTrial[] => (machinesNeeded ? [machinesNeeded] : []))
  const counts = trials.flatMap(({ machines }) => (machines === null ? [] : [machines])).sort((a, b) => a - b)
  const bounds = trials.map(({ lowerBound }) => Math.max(0, ...Object.values(lowerBound))).sort((a, b) => a - b)
  const all = counts.length === trials.length
  return {
    ...combination,
    trials,
    p90: all ? nearestRank(counts, 0.9) : null,
    min: all ? counts[0] : null,
    max: all ? counts[counts.length - 1] : null,
    mean: all ? mean(counts) : null,
    lowerBound: nearestRank(bounds, 0.9),
  }
}

function rowsOf(rows: readonly Row[], { admission, packing, overcommit }: Combination): readonly Row[] {
  return rows.filter((row) => row.admission === admission && row.packing === packing && row.overcommit === overcommit)
}

/** The percentile of sorted values by nearest rank. */
function nearestRank(sorted: readonly number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]
}
