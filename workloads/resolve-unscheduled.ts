import { ENDS, NONE, type RunTable, randomStream, type Trace } from '../sim/index.ts'
import { pickRows, pickRuns, rowsWhere } from './pick-rows.ts'
import { sumJobs } from './sum-jobs.ts'

/** What to do with runs that the trace never scheduled: leave them out, or draw them a run time. */
export const UNSCHEDULED_RULES = ['drop', 'sample'] as const
export type UnscheduledRule = (typeof UNSCHEDULED_RULES)[number]

/**
 * The trace without runs of unknown run time. `drop` leaves them out, and with them the tasks that have no other; a later
 * run of the task then follows the run before (or, where there is none, begins the task) as if the dropped one had taken no
 * time: their gaps add up. `sample` gives each the run time and end of a run drawn from those of its class that the trace
 * did schedule, else of its tier, else of all; those that never end count among them. Where nothing was ever
 * scheduled, it never ends. Deterministic by seed.
 */
export function resolveUnscheduled(trace: Trace, rule: UnscheduledRule, seed: number): Trace {
  if (!trace.runs.runTime.some(Number.isNaN)) return trace
  return rule === 'drop' ? dropRuns(trace) : sampleRunTimes(trace, seed)
}

function dropRuns(trace: Trace): Trace {
  const { runs, tasks, recorded } = trace
  const arrival = runs.arrival.slice()
  const previous = runs.previous.slice()
  const keepsRun = new Uint8Array(runs.count)
  const keepsTask = new Uint8Array(tasks.count)
  // A run's predecessor has the lower row, so links and gaps are mended before they are handed on.
  for (let run = 0; run < runs.count; run++) {
    if (!Number.isNaN(runs.runTime[run])) {
      keepsRun[run] = 1
      keepsTask[runs.task[run]] = 1
    } else if (runs.next[run] !== NONE) {
      arrival[runs.next[run]] += arrival[run]
      previous[runs.next[run]] = previous[run]
    }
  }
  const keptRuns = rowsWhere(keepsRun)
  const keptTasks = rowsWhere(keepsTask)
  const newRun = invert(keptRuns, runs.count)
  const newTask = invert(keptTasks, tasks.count)
  const task = pickRows(newTask, pickRows(runs.task, keptRuns))
  const before = pickRows(previous, keptRuns)
  const next = new Int32Array(keptRuns.length).fill(NONE)
  for (let run = 0; run < before.length; run++) {
    if (before[run] === NONE) continue
    before[run] = newRun[before[run]]
    next[before[run]] = run
  }
  const after = {
    classes: trace.classes,
    tasks: { count: keptTasks.length, job: pickRows(tasks.job, keptTasks), index: pickRows(tasks.index, keptTasks) },
    runs: { ...pickRuns({ ...runs, arrival }, keptRuns), task, previous: before, next },
  }
  return {
    ...trace,
    ...after,
    jobs: sumJobs(trace.jobs, after),
    // A run that was never scheduled has no interval, so none is lost.
    recorded: { ...recorded, run: pickRows(newRun, recorded.run) },
    counts: { ...trace.counts, tasks: after.tasks.count, runs: after.runs.count },
    skipped: {
      ...trace.skipped,
      'run never scheduled': runs.count - keptRuns.length,
      'task of which no run was scheduled': tasks.count - keptTasks.length,
    },
  }
}

/** Where each of `count` rows has gone, or NONE. */
function invert(rows: Int32Array, count: number): Int32Array {
  const row = new Int32Array(count).fill(NONE)
  for (let i = 0; i < rows.length; i++) row[rows[i]] = i
  return row
}

function sampleRunTimes(trace: Trace, seed: number): Trace {
  const { runs, classes } = trace
  const random = randomStream(seed, 'unscheduled')
  const tierOf = (run: number) => classes.tier[runs.class[run]]
  const ofClass = groupScheduled(runs, classes.count, (run) => runs.class[run])
  const ofTier = groupScheduled(runs, trace.tiers.length, tierOf)
  const ofAll = groupScheduled(runs, 1, () => 0)
  const runTime = runs.runTime.slice()
  const end = runs.end.slice()
  let sampled = 0
  for (let run = 0; run < runs.count; run++) {
    if (!Number.isNaN(runs.runTime[run])) continue
    sampled++
    const draw = random()
    const like = [ofClass(runs.class[run]), ofTier(tierOf(run)), ofAll(0)].find((pool) => pool.length > 0)
    const model = like?.[Math.floor(draw * like.length)]
    runTime[run] = model === undefined ? Number.POSITIVE_INFINITY : runs.runTime[model]
    end[run] = model === undefined ? ENDS.indexOf('none') : runs.end[model]
  }
  return { ...trace, runs: { ...runs, runTime, end }, counts: { ...trace.counts, 'run times sampled': sampled } }
}

/** The scheduled runs of each group, without a list a group. */
function groupScheduled(runs: RunTable, groups: number, groupOf: (run: number) => number): (group: number) => Int32Array {
  const first = new Int32Array(groups + 1)
  for (let run = 0; run < runs.count; run++) if (!Number.isNaN(runs.runTime[run])) first[groupOf(run) + 1]++
  for (let group = 0; group < groups; group++) first[group + 1] += first[group]
  const filled = first.slice()
  const members = new Int32Array(first[groups])
  for (let run = 0; run < runs.count; run++) if (!Number.isNaN(runs.runTime[run])) members[filled[groupOf(run)]++] = run
  return (group) => members.subarray(first[group], first[group + 1])
}
