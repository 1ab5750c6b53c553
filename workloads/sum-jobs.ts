import { type JobTable, NONE, type Trace } from '../sim/index.ts'

/** The job table with its requests and numbers of runs counted anew over these runs: each task once, by its first run. */
export function sumJobs(jobs: JobTable, { tasks, runs, classes }: Pick<Trace, 'tasks' | 'runs' | 'classes'>): JobTable {
  const request = classes.request.map(() => new Float64Array(jobs.count))
  const count = new Int32Array(jobs.count)
  for (let run = 0; run < runs.count; run++) {
    const job = tasks.job[runs.task[run]]
    count[job]++
    if (runs.previous[run] !== NONE) continue
    for (let r = 0; r < request.length; r++) request[r][job] += classes.request[r][runs.class[run]]
  }
  return { ...jobs, request, runs: count }
}
