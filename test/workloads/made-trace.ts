import fc from 'fast-check'
import { type End, NONE, type Trace, TraceBuilder } from '../../sim/index.ts'

/** One run of a made trace: of which job and task, and how. */
export interface MadeRun {
  readonly job: number
  readonly index: number
  readonly cpu: number
  readonly devices: number
  readonly spread: boolean
  readonly models: readonly string[]
  readonly tier: number
  readonly arrival: number
  readonly runTime: number
  readonly end: End
  /** Row of a machine, NONE for an unknown one, null when not preplaced. */
  readonly preplaced: number | null
}

const TIERS = ['free', 'batch', 'production']
export const MADE_MACHINES = 4

/** A trace of these runs, in this order, on four machines of which the last joins, shrinks and leaves. */
export function madeTrace(rows: readonly MadeRun[]): Trace {
  const builder = new TraceBuilder({
    name: 'made',
    format: 'made',
    resources: [
      { name: 'cpu', unit: '1e-9 of the largest machine', scale: 1e9 },
      { name: 'memory', unit: 'MiB', scale: 1024 },
      { name: 'gpu', unit: 'milli-GPU', scale: 1000 },
      { name: 'licence', unit: 'licences', scale: 1 },
    ],
    tiers: TIERS,
  })
  for (let machine = 0; machine < MADE_MACHINES; machine++) {
    builder.machine({
      id: `m,"${machine}"`,
      capacity: [500_000_000 + machine, 4096, 0, machine],
      devices: machine,
      model: machine > 1 ? 'V100' : '',
      present: machine < 3,
    })
  }
  builder.machineEvent(1_500_000, 'add', 3, [1e9, 8192, 0, 3])
  builder.machineEvent(2_000_001, 'update', 3, [1e9, 4096, 0, 3])
  builder.machineEvent(4_000_000, 'remove', 3, [0, 0, 0, 0])
  builder.machineEvent(2_000_001, 'remove', 0, [0, 0, 0, 0])

  const jobRow = new Map<number, number>()
  const taskRow = new Map<string, number>()
  const lastRun = new Map<number, number>()
  for (const row of rows) {
    const tier = TIERS[row.tier]
    const job = jobRow.get(row.job) ?? builder.job(`job ${row.job}`, builder.user(`user ${row.job % 2}`), tier)
    jobRow.set(row.job, job)
    const task = taskRow.get(`${job}/${row.index}`) ?? builder.task(job, row.index)
    taskRow.set(`${job}/${row.index}`, task)
    const previous = lastRun.get(task) ?? NONE
    const shape = builder.class({
      request: [row.cpu, row.cpu % 4096, 0, row.devices],
      devices: row.devices,
      milli: row.devices > 0 ? 1000 : 0,
      models: row.models,
      priority: row.tier * 4,
      tier,
      ...(row.spread && { spread: job }),
    })
    const { arrival, runTime, end } = row
    const on = previous === NONE ? row.preplaced : null
    const run = builder.run({
      task,
      class: shape,
      arrival: on === null ? arrival : 0,
      runTime: on !== null && Number.isNaN(runTime) ? 1 : runTime,
      end: on !== null && Number.isNaN(runTime) ? 'finish' : end,
      previous,
      preplaced: on !== null,
      ...(on !== null && { machine: on }),
    })
    lastRun.set(task, run)
    if (!Number.isNaN(runTime)) builder.recorded(run, on ?? NONE, arrival, arrival + runTime)
  }
  return builder.trace({ start: 0, end: 5_000_000, counts: { runs: rows.length }, skipped: {} })
}

const time = fc.integer({ min: 0, max: 5_000_000 })

/** Any runs that a made trace may have. */
export const madeRuns: fc.Arbitrary<MadeRun[]> = fc.array(
  fc
    .record({
      job: fc.nat(4),
      index: fc.nat(3),
      cpu: fc.integer({ min: 0, max: 1e9 }),
      devices: fc.nat(3),
      spread: fc.boolean(),
      models: fc.subarray(['V100', 'A100']),
      tier: fc.nat(2),
      arrival: time,
      preplaced: fc.option(fc.integer({ min: NONE, max: 2 }), { freq: 3 }),
    })
    .chain((row) => {
      const ended = fc.record({ runTime: time, end: fc.constantFrom<End>('finish', 'fail', 'kill') })
      const open = fc.constant({ runTime: Number.POSITIVE_INFINITY, end: 'none' as const })
      const unscheduled = fc.record({ runTime: fc.constant(Number.NaN), end: fc.constantFrom<End>('none', 'kill') })
      return fc.oneof({ weight: 3, arbitrary: ended }, open, unscheduled).map((life) => ({ ...row, ...life }))
    }),
  { maxLength: 30 },
)

/** What a replay of the trace would see of each run, in words, whatever rows its tables have. */
export function runsInWords({ runs, tasks, jobs, users, classes, tiers, models, resources, machines, start }: Trace): string[] {
  return Array.from(runs.task, (task, run) => {
    const job = tasks.job[task]
    const row = runs.class[run]
    const previous = runs.previous[run]
    return JSON.stringify({
      task: `${jobs.id[job]}/${tasks.index[task]}`,
      user: users[jobs.user[job]],
      jobTier: tiers[jobs.tier[job]],
      request: resources.map(({ name }, r) => `${name}=${classes.request[r][row]}`),
      devices: `${classes.devices[row]} of ${classes.milli[row]}`,
      models: (classes.models[row] ?? []).map((model) => models[model]).sort(),
      tier: `${tiers[classes.tier[row]]} ${classes.priority[row]}`,
      spread: classes.spread[row] === NONE ? '' : jobs.id[classes.spread[row]],
      arrival: previous === NONE ? runs.arrival[run] - start : `${runs.arrival[run]} after ${previous}`,
      runTime: `${runs.runTime[run]} ${runs.end[run]}`,
      next: runs.next[run],
      preplaced: runs.preplaced[run] === 0 ? '' : (machines.id[runs.machine[run]] ?? '?'),
    })
  })
}

/** Fails unless the links between tables hold: what every loader and transform must leave behind. */
export function checkLinks({ runs, tasks, jobs, classes, recorded, machines, machineEvents }: Trace): void {
  const claim = (holds: boolean, what: string) => {
    if (!holds) throw new Error(what)
  }
  const requests = classes.request.map(() => new Float64Array(jobs.count))
  const counts = new Int32Array(jobs.count)
  const hasRun = new Uint8Array(tasks.count)
  for (let run = 0; run < runs.count; run++) {
    const task = runs.task[run]
    const previous = runs.previous[run]
    claim(task >= 0 && task < tasks.count, `task of run ${run}`)
    claim(runs.class[run] < classes.count, `class of run ${run}`)
    claim(previous === NONE || (previous < run && runs.next[previous] === run && runs.task[previous] === task), `run before run ${run}`)
    claim(runs.next[run] === NONE || runs.previous[runs.next[run]] === run, `run after run ${run}`)
    claim(previous !== NONE || hasRun[task] === 0, `run ${run} is a second first run of task ${task}`)
    claim(runs.machine[run] < machines.count, `machine of run ${run}`)
    hasRun[task] = 1
    counts[tasks.job[task]]++
    if (previous === NONE) for (const [r, column] of requests.entries()) column[tasks.job[task]] += classes.request[r][runs.class[run]]
  }
  claim(
    hasRun.every((one) => one === 1),
    'a task without a run',
  )
  const names = new Set(Array.from(tasks.job, (job, task) => `${job}/${tasks.index[task]}`))
  claim(names.size === tasks.count, 'two tasks of one name')
  claim(jobs.runs.join() === counts.join(), 'runs of jobs')
  for (const [r, column] of requests.entries()) claim(column.join() === jobs.request[r].join(), 'requests of jobs')
  for (let i = 0; i < recorded.count; i++) {
    claim(recorded.run[i] >= 0 && recorded.run[i] < runs.count && recorded.machine[i] < machines.count, `record ${i}`)
    claim(i === 0 || recorded.from[i - 1] <= recorded.from[i], `order of record ${i}`)
  }
  for (const machine of machineEvents.machine) claim(machine >= 0 && machine < machines.count, 'machine of an event')
}
