import { workerData } from 'piscina'
import { type Effort, InputError, type RunResult, type Stream, simulate, type Trace } from '../sim/index.ts'
import type { MachinesNeededTrial } from './comparison.ts'
import { machinesNeeded } from './machines-needed.ts'
import { AS_RECORDED, type RunPlan, seenTrace, simulationOptions } from './run-plan.ts'
import { followRecipe, streamRecipe } from './trace-recipe.ts'

/** What one worker is asked: a combination at a seed. */
export interface RunOrder {
  readonly combination: number
  readonly seed: number
  readonly simulate: boolean
  readonly machinesNeeded: boolean
  /** Keep the series, curves and the picture of the cell, which only one seed shows. */
  readonly detailed: boolean
}

export interface RunAnswer {
  readonly result: RunResult | null
  readonly trial: MachinesNeededTrial | null
  readonly effort: Effort
  /** Seconds of this machine's time, in all and in the simulation alone. */
  readonly seconds: number
  readonly simulateSeconds: number
}

const plan = workerData as RunPlan
let last: { readonly seed: number; readonly input: Trace | Stream } | null = null

/** Orders come seed by seed, so the last trace is mostly the one that is needed. Machines needed looks at all runs at once. */
function inputOf(seed: number): Trace | Stream {
  if (last?.seed !== seed) {
    const stream = plan.machinesNeeded ? null : streamRecipe(plan.recipe, seed)
    last = { seed, input: stream ?? followRecipe(plan.recipe, seed) }
  }
  return last.input
}

/** An error's class is lost between threads, so what a user gave wrong comes back as a value. */
export default function answer(order: RunOrder): RunAnswer | { readonly badInput: string } {
  try {
    return run(order)
  } catch (error) {
    if (error instanceof InputError) return { badInput: error.message }
    throw error
  }
}

function run(order: RunOrder): RunAnswer {
  const began = performance.now()
  const combination = plan.combinations[order.combination]
  const options = simulationOptions(plan, combination, order.seed)
  const made = inputOf(order.seed)
  const input = 'workload' in made ? made : seenTrace(plan, combination, made)
  const { warmUp, check } = plan
  const simulateBegan = performance.now()
  const ran = order.simulate
    ? simulate(input, { ...options, warmUp, check, picture: order.detailed, asRecorded: combination.packing === AS_RECORDED })
    : null
  const simulateSeconds = (performance.now() - simulateBegan) / 1000
  const trial = order.machinesNeeded && !('workload' in input) ? machinesNeeded(input, options, order.seed, plan.allowances) : null
  return {
    result: ran && (order.detailed ? ran.result : withoutCurves(ran.result)),
    trial,
    effort: ran?.effort ?? { decisions: 0, machinesExamined: 0 },
    seconds: (performance.now() - began) / 1000,
    simulateSeconds,
  }
}

/** The same figures without what is only drawn. */
function withoutCurves(result: RunResult): RunResult {
  const none = { value: [], share: [] }
  return {
    ...result,
    wait: Object.fromEntries(Object.entries(result.wait).map(([tier, wait]) => [tier, { ...wait, curve: none }])),
    waitAfterEviction: { ...result.waitAfterEviction, curve: none },
    slowdown: { ...result.slowdown, curve: none },
    series: { time: [], allocated: {}, stranded: {}, running: [], pending: [], machines: [] },
  }
}
