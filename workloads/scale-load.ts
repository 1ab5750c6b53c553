import { InputError, NONE, type RecordedTable, type RunTable, randomStream, type TaskTable, type Trace } from '../sim/index.ts'
import { pickRecorded, pickRuns, rowsWhere } from './pick-rows.ts'
import { sumJobs } from './sum-jobs.ts'

/**
 * The trace with `factor` times its load: each task, with all its runs, stays as floor(factor) copies and, with the
 * probability of the rest, one more. Copies arrive at the same instants, in the same job, under indexes beyond its largest.
 * One draw a task, so that a larger factor with the same seed keeps what a smaller one kept. The record of where the trace
 * had its runs is kept for the runs that stay, and is not made up for copies. Throws InputError for a factor that is no
 * number from 0.
 */
export function scaleLoad(trace: Trace, factor: number, seed: number): Trace {
  if (!(factor >= 0 && Number.isFinite(factor))) throw new InputError(`load: ${factor} (a number from 0 would do, such as 1.2)`)
  const { tasks, runs } = trace
  const random = randomStream(seed, 'load')
  const whole = Math.floor(factor)
  if (runs.count * (whole + 1) >= 2 ** 31) throw new InputError(`load: ${factor} times ${runs.count} runs is more than a trace can hold`)
  const firstCopy = new Int32Array(tasks.count + 1)
  for (let task = 0; task < tasks.count; task++) firstCopy[task + 1] = firstCopy[task] + whole + (random() < factor - whole ? 1 : 0)
  const firstRun = new Int32Array(runs.count + 1)
  for (let run = 0; run < runs.count; run++) firstRun[run + 1] = firstRun[run] + firstCopy[runs.task[run] + 1] - firstCopy[runs.task[run]]

  const scaled = {
    ...trace,
    tasks: copyTasks(trace, firstCopy),
    runs: copyRuns(runs, firstRun, firstCopy),
    recorded: keepRecorded(trace.recorded, firstRun),
  }
  let dropped = 0
  for (let task = 0; task < tasks.count; task++) if (firstCopy[task] === firstCopy[task + 1]) dropped++
  return {
    ...scaled,
    jobs: sumJobs(trace.jobs, scaled),
    counts: {
      ...trace.counts,
      tasks: scaled.tasks.count,
      runs: scaled.runs.count,
      'tasks dropped by load': dropped,
      'tasks added by load': scaled.tasks.count - (tasks.count - dropped),
    },
  }
}

/** The first copy keeps the index of its task. */
function copyTasks({ tasks, jobs }: Trace, firstCopy: Int32Array): TaskTable {
  const largest = new Int32Array(jobs.count).fill(NONE)
  for (let task = 0; task < tasks.count; task++) largest[tasks.job[task]] = Math.max(largest[tasks.job[task]], tasks.index[task])
  const count = firstCopy[tasks.count]
  const job = new Int32Array(count)
  const index = new Int32Array(count)
  for (let task = 0; task < tasks.count; task++) {
    for (let copy = firstCopy[task]; copy < firstCopy[task + 1]; copy++) {
      job[copy] = tasks.job[task]
      index[copy] = copy === firstCopy[task] ? tasks.index[task] : ++largest[tasks.job[task]]
    }
  }
  return { count, job, index }
}

/** Copies of a run follow it at once, so that arrivals at one instant stay in the order of the file. */
function copyRuns(runs: RunTable, firstRun: Int32Array, firstCopy: Int32Array): RunTable {
  const count = firstRun[runs.count]
  const from = new Int32Array(count)
  const task = new Int32Array(count)
  const previous = new Int32Array(count).fill(NONE)
  const next = new Int32Array(count).fill(NONE)
  for (let run = 0; run < runs.count; run++) {
    const before = runs.previous[run]
    const after = runs.next[run]
    for (let copy = 0, row = firstRun[run]; row < firstRun[run + 1]; copy++, row++) {
      from[row] = run
      task[row] = firstCopy[runs.task[run]] + copy
      if (before !== NONE) previous[row] = firstRun[before] + copy
      if (after !== NONE) next[row] = firstRun[after] + copy
    }
  }
  return { ...pickRuns(runs, from), task, previous, next }
}

function keepRecorded(recorded: RecordedTable, firstRun: Int32Array): RecordedTable {
  const keeps = new Uint8Array(recorded.count)
  for (let row = 0; row < recorded.count; row++) keeps[row] = firstRun[recorded.run[row]] < firstRun[recorded.run[row] + 1] ? 1 : 0
  return pickRecorded(recorded, rowsWhere(keeps), firstRun)
}
