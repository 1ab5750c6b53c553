import {
  type Allowances,
  AS_RECORDED,
  type ComparisonOptions,
  followRecipe,
  type RunPlan,
  streamRecipe,
  type TraceRecipe,
  type TraceSummary,
} from '../experiments/index.ts'
import { InputError, PREEMPTIONS, SECOND, TIES, type Workload } from '../sim/index.ts'
import { openTrace, UNSCHEDULED_RULES } from '../workloads/index.ts'
import { readProfile } from './read-profile.ts'
import { readSchedulers } from './read-schedulers.ts'
import { MOST_MACHINES, readCellSize, readChoice, readCount, readDuration, readFactor, readList, readShare } from './read-value.ts'

/** What the user asked for, as typed: enough to run it again. */
export interface RunRequest {
  readonly trace: string
  /** Empty where only schedulers are compared. */
  readonly packing: string
  readonly scheduler?: string
  readonly admission: string
  readonly overcommit: string
  readonly tie: string
  readonly preemption: string
  readonly scoreStep: string
  readonly enough: string
  readonly relaxed: boolean
  readonly seeds: string
  readonly seed: string
  readonly load: string
  readonly unscheduled: string
  readonly warmUp: string
  readonly machines?: string
  readonly format?: string
  readonly tasks?: string
  readonly machineList?: string
  readonly shape?: string
  readonly asRecorded: boolean
  readonly check: boolean
  /** By default for all but a cluster as it stands, whose nodes are what some of its pods are bound to. */
  readonly machinesNeeded?: boolean
  readonly clones?: string
  readonly picky?: string
}

/** Reads the trace and every value of a request. Throws InputError for the first that is wrong. */
export async function planRuns(request: RunRequest): Promise<{ readonly plan: RunPlan; readonly trace: TraceSummary }> {
  const recipe = await readRecipe(request)
  const first = readCount('--seed', request.seed, 0, 1e15)
  const seeds = Array.from({ length: readCount('--seeds', request.seeds, 1, 10_000) }, (_, i) => first + i)
  const scoreStep = Number(request.scoreStep)
  if (!(scoreStep >= 0 && Number.isFinite(scoreStep))) throw new InputError(`--score-step: not a number from 0: ${request.scoreStep}`)
  const enough = readCount('--enough', request.enough, 0, MOST_MACHINES)
  if (request.relaxed && enough === 0) throw new InputError('--relaxed: does nothing where all machines are scored (give --enough 20, say)')
  if (request.asRecorded && (recipe.load !== 1 || recipe.cell !== undefined || 'profile' in recipe.from)) {
    throw new InputError('--as-recorded: only a trace at its own load and size was recorded (leave out --load and --machines)')
  }
  const schedulers = request.scheduler === undefined ? {} : await readSchedulers(request.scheduler)
  const names = [...Object.keys(schedulers), ...(request.packing === '' ? [] : readList('--packing', request.packing))]
  const combinations = readList('--admission', request.admission).flatMap((admission) =>
    readList('--overcommit', request.overcommit).flatMap((overcommit) => names.map((packing) => ({ admission, packing, overcommit }))),
  )
  const recorded = { admission: 'admit-all', packing: AS_RECORDED, overcommit: 'none' }
  const whole: Workload =
    'trace' in recipe.from ? recipe.from.trace : (streamRecipe(recipe, first)?.workload ?? followRecipe(recipe, first))
  if (request.asRecorded && 'trace' in recipe.from && recipe.from.trace.recorded.count === 0)
    throw new InputError(`--as-recorded: ${request.trace} does not say where and when its runs were placed`)
  const warmUp = readDuration('--warm-up', request.warmUp)
  if (warmUp > 0 && warmUp >= whole.end - whole.start)
    throw new InputError(`--warm-up: ${request.warmUp} leaves nothing of a window of ${(whole.end - whole.start) / SECOND} s`)
  return {
    plan: {
      recipe,
      combinations: request.asRecorded ? [...combinations, recorded] : combinations,
      schedulers,
      seeds,
      tie: readChoice('--tie', TIES, request.tie),
      preemption: readChoice('--preemption', PREEMPTIONS, request.preemption),
      scoreStep,
      enough,
      relaxed: request.relaxed,
      warmUp,
      check: request.check,
      machinesNeeded: request.machinesNeeded ?? whole.format !== 'kubernetes',
      allowances: allowancesOf(request, 'profile' in recipe.from),
    },
    trace: summarise(request, whole),
  }
}

/** None for a real cell, which has what it has; Borg's own for a generated one, whose size is arbitrary. */
function allowancesOf({ clones, picky }: RunRequest, isGenerated: boolean): Allowances {
  return {
    copies: clones !== undefined ? readCount('--clones', clones, 1, 100) : isGenerated ? 2 : 1,
    picky: picky !== undefined ? readShare('--picky', picky) : isGenerated ? 0.002 : 0,
  }
}

/** Everything of a request that moves a result, by option name, with what defaults came to. */
export function optionsOf(request: RunRequest, plan: RunPlan): ComparisonOptions {
  const { trace: _, ...options } = request
  const { copies, picky } = plan.allowances
  const moving = { ...options, clones: String(copies), picky: String(picky) }
  return Object.fromEntries(Object.entries(moving).map(([name, value]) => [name, value ?? null]))
}

/** The request that made these results. */
export function requestOf(trace: string, options: ComparisonOptions): RunRequest {
  const sinceThen = { enough: '0', relaxed: false }
  return {
    trace,
    ...sinceThen,
    ...Object.fromEntries(Object.entries(options).filter(([, value]) => value !== null)),
  } as unknown as RunRequest
}

async function readRecipe(request: RunRequest): Promise<TraceRecipe> {
  const load = readFactor('--load', request.load)
  const unscheduled = readChoice('--unscheduled', UNSCHEDULED_RULES, request.unscheduled)
  const profile = readProfile(request.trace)
  if (profile) return { from: profile, load, unscheduled, ...cellOf(request.machines) }
  // A trace without machines is told how many it has; one with machines loses or gains some.
  const makesMachines = request.shape !== undefined
  const trace = await openTrace(request.trace, {
    format: request.format,
    tasksFile: request.tasks,
    machinesFile: request.machineList,
    shape: request.shape,
    ...(makesMachines && request.machines !== undefined && { machines: readCount('--machines', request.machines, 1, MOST_MACHINES) }),
  })
  return { from: { trace }, load, unscheduled, ...(makesMachines ? {} : cellOf(request.machines)) }
}

const cellOf = (machines: string | undefined) => (machines === undefined ? {} : { cell: readCellSize('--machines', machines) })

function summarise(request: RunRequest, trace: Workload): TraceSummary {
  return {
    name: trace.name,
    path: request.trace,
    format: trace.format,
    resources: trace.resources.map(({ name, unit, scale }) => ({ name, unit, scale })),
    tiers: trace.tiers,
    windowSeconds: (trace.end - trace.start) / SECOND,
    counts: trace.counts,
    skipped: trace.skipped,
  }
}
