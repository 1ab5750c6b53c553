import { type Observer, type Run, SECOND, type Trace } from '../sim/index.ts'

/** One line of `events.csv`. */
export interface EventLine {
  readonly time_s: number
  readonly event: string
  readonly task: string
  readonly run: number
  readonly machine: string
  readonly detail: string
}

/** The name that people know a run's task by. */
export function taskName(trace: Trace, run: number): string {
  const task = trace.runs.task[run]
  return `${trace.jobs.id[trace.tasks.job[task]]}/${trace.tasks.index[task]}`
}

/** Tells every event of a run as a line: arrive, place, evict, end, wait, turned-away, never-placeable, and machines' add, remove, update. */
export function runLog(run: Run, trace: Trace, write: (line: EventLine) => void): Observer {
  const { tasks } = run.cell
  const time = () => (run.now - trace.start) / SECOND
  const machine = (row: number) => (row < 0 ? '' : trace.machines.id[row])
  const about = (event: string, task: number, on: number, detail = '') =>
    write({ time_s: time(), event, task: taskName(trace, tasks.run[task]), run: tasks.run[task], machine: machine(on), detail })
  return {
    arrived: (task) => about('arrive', task, -1),
    placed: (task, on) => about('place', task, on),
    evicted: (task, cause) => about('evict', task, tasks.machine[task], cause),
    ended: (task) => about('end', task, tasks.machine[task], ['finish', 'fail', 'kill', 'none'][tasks.end[task]]),
    waits: (task) => about('wait', task, -1),
    turnedAway: (task) => about('turned-away', task, -1),
    neverPlaceable: (task) => about('never-placeable', task, -1),
    held: (job) => write({ time_s: time(), event: 'hold', task: trace.jobs.id[job], run: -1, machine: '', detail: '' }),
    rejected: (job, reason) => write({ time_s: time(), event: 'reject', task: trace.jobs.id[job], run: -1, machine: '', detail: reason }),
    machineChanged: (row, kind) =>
      write({ time_s: time(), event: `machine-${kind}`, task: '', run: -1, machine: machine(row), detail: '' }),
  }
}
