import { basename, join } from 'node:path'
import { InputError, type Trace, TraceBuilder } from '../sim/index.ts'
import { CountBy } from './count-by.ts'
import { listFolder } from './find-file.ts'
import { type JobRows, readJobRows } from './google-2011-jobs.ts'
import { addMachines, readMachineRows } from './google-2011-machines.ts'
import { addRuns } from './google-2011-runs.ts'
import { readTaskRows } from './google-2011-tasks.ts'

const UNITS = { unit: '1e-9 of the largest machine', scale: 1e9 }

/**
 * Loads Google's clusterdata-2011-2: a folder with `task_events`, `machine_events` and, where present, `job_events`, each
 * with `part-*` files, which are read in number order. Source: "Google cluster-usage traces: format + schema", v2.1.
 * Times are microseconds; the largest machine has 1e9 units of CPU and memory. Throws InputError on bad input.
 */
export async function loadGoogle2011(path: string): Promise<Trace> {
  const skipped = new CountBy()
  const builder = new TraceBuilder({
    name: basename(path),
    format: 'google-2011',
    resources: ['cpu', 'memory', 'disk'].map((name) => ({ name, ...UNITS })),
    tiers: ['free', 'batch', 'production', 'monitoring'],
  })
  const machines = await readMachineRows(await parts(path, 'machine_events'))
  const tasks = await readTaskRows(await parts(path, 'task_events'), machines.names, skipped)
  const jobRows = await readJobRows(await parts(path, 'job_events', true))
  nameUsers(jobRows, tasks.jobs)
  for (const job of tasks.jobs) builder.job(job.id, builder.user(job.user), job.tier)

  const opening = addMachines(builder, machines, tasks, skipped)
  const runs = addRuns(builder, tasks, opening, skipped)
  return builder.trace({
    start: tasks.start,
    end: tasks.end,
    counts: {
      'task rows': tasks.read,
      'machine rows': machines.read,
      'job rows': jobRows.read,
      machines: machines.names.count,
      'machines at the opening': opening.reduce((sum, one) => sum + one, 0),
      jobs: tasks.jobs.length,
      tasks: tasks.count,
      ...runs,
      ...tasks.oddities.done(),
    },
    skipped: skipped.done(),
  })
}

/** The part files of one table in number order. Throws InputError when there is none, unless the table is optional. */
async function parts(path: string, table: string, optional = false): Promise<readonly string[]> {
  const folders = await listFolder(path)
  if (folders === null) throw new InputError(`${path}: a file where the folder with task_events and machine_events was expected`)
  const names = folders.includes(table) ? ((await listFolder(join(path, table))) ?? []) : []
  const found = names.filter((name) => /^part-\d+.*\.csv(\.gz)?$/.test(name))
  if (found.length === 0 && !optional) throw new InputError(`${join(path, table)}: no part-*.csv or part-*.csv.gz in it`)
  const number = (name: string) => Number(/\d+/.exec(name)?.[0])
  return found.sort((a, b) => number(a) - number(b)).map((name) => join(path, table, name))
}

/** Gives a user to the jobs whose task rows name none, from the job table. */
function nameUsers({ job, user, users }: JobRows, jobs: { readonly id: string; user: string }[]): void {
  const lacking = new Map(jobs.filter((one) => one.user === '').map((one) => [Number(one.id), one]))
  if (lacking.size === 0) return
  for (let row = 0; row < job.length; row++) {
    const one = lacking.get(job[row])
    if (one) one.user = users.text(user[row]) || one.user
  }
}
