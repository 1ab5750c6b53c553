import { basename } from 'node:path'
import {
  type ClassRow,
  ENDS,
  type End,
  float64,
  int32,
  MAX_DEVICES,
  NONE,
  type Trace,
  TraceBuilder,
  uint8,
  WHOLE_DEVICE,
} from '../sim/index.ts'
import { isKnown, readAmounts, readSeconds } from './csv-cells.ts'
import { CSV_RESOURCES, type CsvHead, type CsvResources, columnOf, readCsvHead, SOMEWHERE, TASK_COLUMNS, UNSCHEDULED } from './csv-head.ts'
import { addMachines, type CsvMachines } from './csv-machines.ts'
import { findFile, findOptional } from './find-file.ts'
import { type Place, wrongAt } from './place.ts'
import { readWithin } from './read-number.ts'
import type { Cell } from './read-rows.ts'
import { readHeader, readTable } from './read-table.ts'

/**
 * Loads our own plain form: a folder with `machines.csv` and `tasks.csv`, and where wanted `machine_events.csv` and
 * `trace.json`; docs/trace-csv.md describes it. Times are seconds from the opening. Throws InputError on bad input.
 */
export async function loadCsv(path: string): Promise<Trace> {
  const machinesFile = await findFile(path, 'machines.csv')
  const tasksFile = await findFile(path, 'tasks.csv')
  const headFile = await findOptional(path, 'trace.json')
  const head: CsvHead = headFile === null ? {} : await readCsvHead(headFile)
  const resources = head.resources ?? resourcesOf([...(await readHeader(machinesFile)), ...(await readHeader(tasksFile))])
  const tasks = await readTasks(tasksFile, resources, head.tiers)
  const builder = new TraceBuilder({ name: basename(path), format: 'csv', resources, tiers: tasks.tiers })
  const machines = await addMachines(builder, { machinesFile, eventsFile: await findOptional(path, 'machine_events.csv') }, resources)

  for (const { id, user, tier } of tasks.jobs) builder.job(id, builder.user(user), tier)
  const classes = tasks.classes.map((row) => builder.class(row))
  for (let task = 0; task < tasks.jobOf.length; task++) builder.task(tasks.jobOf.get(task), tasks.indexOf.get(task))
  const { run } = tasks
  let last = machines.last
  let neverScheduled = 0
  for (let row = 0; row < run.task.length; row++) {
    const previous = run.previous.get(row)
    const preplaced = run.preplaced.get(row)
    if (previous === NONE) last = Math.max(last, run.arrival.get(row))
    if (Number.isNaN(run.runTime.get(row))) neverScheduled++
    const on = preplaced > 0 ? tasks.places[preplaced - 1] : null
    builder.run({
      task: run.task.get(row),
      class: classes[run.class.get(row)],
      arrival: run.arrival.get(row),
      runTime: run.runTime.get(row),
      end: ENDS[run.end.get(row)],
      previous,
      preplaced: on !== null,
      machine: on === null || on.id === SOMEWHERE ? NONE : machineOf(machines, on.id, { file: tasksFile, line: on.line }),
    })
  }
  return builder.trace({
    start: 0,
    end: head.end_s === undefined ? last : Math.round(head.end_s * 1e6),
    counts: {
      'task rows': run.task.length,
      'machine rows': machines.row.size,
      'machine events': machines.events,
      machines: machines.row.size,
      jobs: tasks.jobs.length,
      tasks: tasks.jobOf.length,
      runs: run.task.length,
      'never scheduled': neverScheduled,
    },
    skipped: {},
  })
}

function resourcesOf(columns: readonly string[]): CsvResources {
  const extended = new Set(columns.filter((name) => name.startsWith('extended.')).map((name) => name.slice('extended.'.length)))
  return [
    ...CSV_RESOURCES.filter(({ name }) => columns.includes(name === 'gpu' ? 'gpus' : name)),
    ...[...extended].map((name) => ({ name, unit: `1/1000 ${name}`, scale: 1000 })),
  ]
}

/** The task table before it has a builder, which must know the tiers first. */
async function readTasks(file: string, resources: CsvResources, givenTiers: readonly string[] | undefined) {
  const jobs: { readonly id: string; readonly user: string; readonly tier: string }[] = []
  const jobRow = new Map<string, number>()
  const tasksOfJob: Map<number, number>[] = []
  const jobOf = int32()
  const indexOf = int32()
  const lastRun = int32()
  const classes: ClassRow[] = []
  const classRow = new Map<string, number>()
  const run = { task: int32(), class: int32(), arrival: float64(), runTime: float64(), end: uint8(), previous: int32(), preplaced: int32() }
  const places: { readonly id: string; readonly line: number }[] = []
  const lowest = new Map<string, number>()

  const readClass = (cell: Cell, job: number, place: Place): number => {
    const tier = cell('tier') || 'batch'
    if (givenTiers && !givenTiers.includes(tier)) throw wrongAt(place, `unknown tier: ${tier} (trace.json has ${givenTiers.join(', ')})`)
    const priority = cell('priority') === '' ? 0 : readWithin(cell('priority'), 'priority', place, { least: -(2 ** 31), most: 2 ** 31 - 1 })
    const devices = cell('gpus') === '' ? 0 : readWithin(cell('gpus'), 'number of GPUs', place, { least: 0, most: MAX_DEVICES })
    const milli =
      cell('gpu_milli') === '' ? WHOLE_DEVICE : readWithin(cell('gpu_milli'), 'gpu_milli', place, { least: 0, most: WHOLE_DEVICE })
    const different = cell('different_machines')
    if (!['', '0', '1'].includes(different)) throw wrongAt(place, `different_machines is ${different} (0 or 1 would do)`)
    classes.push({
      request: readAmounts(cell, resources, 'request', place),
      devices,
      milli: devices === 0 ? 0 : milli,
      models: cell('models') === '' ? [] : cell('models').split('|'),
      priority,
      tier,
      spread: different === '1' ? job : NONE,
    })
    lowest.set(tier, Math.min(priority, lowest.get(tier) ?? priority))
    return classes.length - 1
  }
  const classColumns = ['tier', 'priority', 'gpus', 'gpu_milli', 'models', ...resources.map(({ name }) => columnOf(name))]
  await readTable(file, { required: ['job', 'cpu', 'memory', 'arrival_s'], known: isKnown(TASK_COLUMNS) }, (cell, place) => {
    const id = cell('job')
    const job = jobRow.get(id) ?? jobs.length
    if (job === jobs.length) {
      jobRow.set(id, job)
      jobs.push({ id, user: cell('user'), tier: cell('tier') || 'batch' })
      tasksOfJob.push(new Map())
    }
    const tasks = tasksOfJob[job]
    const index = cell('index') === '' ? tasks.size : readWithin(cell('index'), 'index', place, { least: 0, most: 2 ** 31 - 1 })
    const task = tasks.get(index) ?? jobOf.length
    if (task === jobOf.length) {
      tasks.set(index, task)
      jobOf.push(job)
      indexOf.push(index)
      lastRun.push(NONE)
    }
    const different = cell('different_machines')
    const key = JSON.stringify([...classColumns.map(cell), different, different === '1' ? job : NONE])
    const known = classRow.get(key) ?? readClass(cell, job, place)
    classRow.set(key, known)
    const { runTime, end } = readEnd(cell, place)
    run.previous.push(lastRun.get(task))
    lastRun.set(task, run.task.length)
    run.task.push(task)
    run.class.push(known)
    run.arrival.push(readSeconds(cell('arrival_s'), 'arrival_s', place))
    run.runTime.push(runTime)
    run.end.push(ENDS.indexOf(end))
    run.preplaced.push(cell('preplaced') === '' ? 0 : places.push({ id: cell('preplaced'), line: place.line }))
  })
  const tiers = givenTiers ?? [...lowest].sort((a, b) => a[1] - b[1]).map(([tier]) => tier)
  return { jobs, jobOf, indexOf, classes, run, places, tiers }
}

function readEnd(cell: Cell, place: Place): { runTime: number; end: End } {
  const text = cell('run_s')
  const named = cell('end')
  const end = ENDS.find((known) => known === named)
  if (named !== '' && end === undefined) throw wrongAt(place, `unknown end: ${named} (have ${ENDS.join(', ')})`)
  if (text === UNSCHEDULED) return { runTime: Number.NaN, end: end ?? 'none' }
  if (text === '') {
    if (end !== undefined && end !== 'none') throw wrongAt(place, `end ${end} without run_s: a run without run_s never ends`)
    return { runTime: Number.POSITIVE_INFINITY, end: 'none' }
  }
  if (end === 'none') throw wrongAt(place, `end none with run_s ${text}: leave run_s empty for a run that never ends`)
  return { runTime: readSeconds(text, 'run_s', place), end: end ?? 'finish' }
}

function machineOf({ row, present }: CsvMachines, id: string, place: Place): number {
  const machine = row.get(id)
  if (machine === undefined)
    throw wrongAt(place, `preplaced on a machine that machines.csv lacks: ${id} (${SOMEWHERE} where it is not known)`)
  if (!present.has(id)) throw wrongAt(place, `preplaced on a machine that is not there at the opening: ${id} (${SOMEWHERE} lets it queue)`)
  return machine
}
