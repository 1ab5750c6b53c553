import { NONE, type Trace } from '../sim/index.ts'

/** A job that arrived whole inside a window, with what the window shows of its tasks' first runs. */
export interface ObservedJob {
  readonly arrival: number
  readonly size: number
  /** Class row of its first task. */
  readonly class: number
  readonly user: number
  readonly tier: number
  /** Of the runs that were scheduled: how long each was watched, and whether it ended (index into ENDS) or not (-1). */
  readonly watched: readonly number[]
  readonly ended: readonly number[]
}

export interface ObservedWindow {
  readonly from?: number
  readonly to?: number
  /** How long runs are watched: to the window's end, or longer where the trace goes on. */
  readonly until?: number
}

/**
 * The jobs of which every task first arrived in the window [from, to], by arrival; the trace's own window if none is said. What was in the
 * cell before is left out, so a real slice and a generated one are seen alike. A run counts from its last recorded placement, or else from its arrival.
 */
export function observeJobs(trace: Trace, window: ObservedWindow = {}): ObservedJob[] {
  const { from = trace.start, to = trace.end, until = to } = window
  const { runs, tasks, jobs } = trace
  const started = runs.arrival.slice()
  for (let row = 0; row < trace.recorded.count; row++) started[trace.recorded.run[row]] = trace.recorded.from[row]
  const pendingArrival = trace.counts['pending at the opening'] ? trace.start : Number.NaN

  const isWhole = new Uint8Array(jobs.count).fill(1)
  const members: number[][] = Array.from({ length: jobs.count }, () => [])
  for (let run = 0; run < runs.count; run++) {
    if (runs.previous[run] !== NONE) continue
    const job = tasks.job[runs.task[run]]
    const arrival = runs.arrival[run]
    if (runs.preplaced[run] || arrival === pendingArrival || arrival < from || arrival > to) isWhole[job] = 0
    else members[job].push(run)
  }
  return members
    .flatMap((rows, job): ObservedJob[] => {
      if (!isWhole[job] || rows.length === 0) return []
      const scheduled = rows.filter((run) => !Number.isNaN(runs.runTime[run]) && started[run] <= until)
      const ended = scheduled.map((run) => (started[run] + runs.runTime[run] <= until ? runs.end[run] : NONE))
      return [
        {
          arrival: runs.arrival[rows[0]],
          size: rows.length,
          class: runs.class[rows[0]],
          user: jobs.user[job],
          tier: jobs.tier[job],
          watched: scheduled.map((run, i) => (ended[i] === NONE ? until - started[run] : runs.runTime[run])),
          ended,
        },
      ]
    })
    .sort((a, b) => a.arrival - b.arrival)
}
