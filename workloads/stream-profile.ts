import { int32, type Stream, TraceBuilder, uint8, type Workload } from '../sim/index.ts'
import { type Generated, type GenerateOptions, generate } from './generate.ts'
import { GeneratedSource } from './generated-source.ts'
import type { Profile } from './profile.ts'
import type { ProfileName } from './profiles.ts'

/**
 * The workload of `generateTrace`, run for run, drawn while it is simulated: what is held is a row a job, and the runs that are
 * yet to come again. It is drawn once beforehand, for what each job asks for and which classes there are. Throws InputError as `generate` does.
 */
export function streamProfile(name: ProfileName | Profile, options: GenerateOptions = {}): Stream {
  const generated = generate(name, options)
  const { workload, classOfJob } = survey(generated)
  return { workload, source: () => new GeneratedSource(generated.runs(), classOfJob) }
}

function survey({ profile, machines, end, runs }: Generated): { readonly workload: Workload; readonly classOfJob: Int32Array } {
  const { classes, resources, tiers } = profile
  const builder = new TraceBuilder({ name: profile.name, format: 'profile', resources, tiers })
  for (const [row, { capacity, devices, model }] of machines.entries()) {
    builder.machine({ id: `machine-${row + 1}`, capacity, devices, model, present: true })
  }
  for (let user = 0; user < profile.users; user++) builder.user(`user-${user + 1}`)
  const knownClass = new Map<number, number>()
  const addClass = (row: number, spread?: number) =>
    builder.class({
      request: classes.request.map((column) => column[row]),
      devices: classes.devices[row],
      milli: classes.milli[row],
      priority: classes.priority[row],
      tier: tiers[classes.tier[row]],
      spread,
    })
  const jobs = { class: int32(), user: int32(), tier: uint8(), runs: int32(), tasks: int32() }
  let job = -1
  let runsOfJob = 0
  let tasksOfJob = 0
  let runCount = 0
  let taskCount = 0
  let preplaced = 0
  const close = () => {
    if (job < 0) return
    jobs.runs.push(runsOfJob)
    jobs.tasks.push(tasksOfJob)
    runCount += runsOfJob
    taskCount += tasksOfJob
    runsOfJob = 0
    tasksOfJob = 0
  }
  for (const run of runs()) {
    if (run.job !== job) {
      close()
      job = run.job
      let row = classes.spread[run.class] ? undefined : knownClass.get(run.class)
      row ??= addClass(run.class, classes.spread[run.class] ? job : undefined)
      if (!classes.spread[run.class]) knownClass.set(run.class, row)
      jobs.class.push(row)
      jobs.user.push(run.user)
      jobs.tier.push(classes.tier[run.class])
    }
    runsOfJob++
    if (!run.again) tasksOfJob++
    if (run.preplaced) preplaced++
  }
  close()
  const counts = { machines: machines.length, jobs: job + 1, tasks: taskCount, runs: runCount, 'preplaced, machine unknown': preplaced }
  const tables = builder.trace({ start: 0, end, counts, skipped: {} })
  const classOfJob = jobs.class.done()
  const tasksOf = jobs.tasks.done()
  return {
    classOfJob,
    workload: {
      ...tables,
      classes: { ...tables.classes, tasks: tasksByClass(tables.classes.count, classOfJob, tasksOf) },
      jobs: {
        count: job + 1,
        user: jobs.user.done(),
        tier: jobs.tier.done(),
        request: tables.classes.request.map((column) => requests(column, classOfJob, tasksOf)),
        runs: jobs.runs.done(),
      },
      tasks: { count: taskCount },
      runs: { count: runCount },
    },
  }
}

function tasksByClass(classes: number, classOfJob: Int32Array, tasksOf: Int32Array): Int32Array {
  const tasks = new Int32Array(classes)
  for (let job = 0; job < classOfJob.length; job++) tasks[classOfJob[job]] += tasksOf[job]
  return tasks
}

/** What each job's tasks ask for together of one resource. */
function requests(request: Float64Array, classOfJob: Int32Array, tasksOf: Int32Array): Float64Array {
  return Float64Array.from(classOfJob, (row, job) => request[row] * tasksOf[job])
}
