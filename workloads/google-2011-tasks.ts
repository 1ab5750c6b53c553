import { type ClassRow, type Column, float64, InputError, int32, NONE, uint8 } from '../sim/index.ts'
import { ByteNames } from './byte-names.ts'
import { CountBy } from './count-by.ts'
import type { Fields } from './fields.ts'
import { readTime } from './google-2011-time.ts'
import { type Place, wrongAt } from './place.ts'
import { readFields } from './read-fields.ts'
import { readAmount } from './read-number.ts'
import { TaskNumbers } from './task-numbers.ts'

/** The event types of the 2011 task table. The 2019 numbers differ. */
export const SUBMIT = 0
export const SCHEDULE = 1
export const EVICT = 2
export const FAIL = 3
export const FINISH = 4
export const KILL = 5
export const LOST = 6
export const UPDATE_PENDING = 7
export const UPDATE_RUNNING = 8

/** Columns of the table. */
const MISSING = 1
const JOB = 2
const INDEX = 3
const MACHINE = 4
const KIND = 5
const USER = 6
const PRIORITY = 8
const REQUEST = 9
const SPREAD = 12

const KINDS = { least: SUBMIT, most: UPDATE_RUNNING }
const PRIORITIES = { least: 0, most: 11 }
const INDICES = { least: 0, most: 2 ** 31 - 1 }

const TIER_OF_PRIORITY = [
  'free',
  'free',
  'batch',
  'batch',
  'batch',
  'batch',
  'batch',
  'batch',
  'batch',
  'production',
  'production',
  'monitoring',
]

/** The task table as columns, one entry a row kept, sorted by (time, file, line), with its jobs, tasks and shapes numbered. */
export interface TaskRows {
  readonly read: number
  /** The window: the first row that is not about before the trace, and the last. */
  readonly start: number
  readonly end: number
  /** 0: already so before the trace. */
  readonly time: Float64Array
  readonly kind: Uint8Array
  readonly task: Int32Array
  /** Row of the machine, or NONE. */
  readonly machine: Int32Array
  /** Row in `shapes`. */
  readonly shape: Int32Array
  readonly shapes: readonly ClassRow[]
  readonly jobs: { readonly id: string; user: string; readonly tier: string }[]
  readonly count: number
  readonly jobOf: Int32Array
  readonly indexOf: Int32Array
  readonly oddities: CountBy
}

/**
 * Reads `task_events`: time, missing info, job, task index, machine, event type, user, scheduling class, priority, CPU,
 * memory and disk request, different-machines restriction. Throws InputError on bad input.
 */
export async function readTaskRows(files: readonly string[], machines: ByteNames, skipped: CountBy): Promise<TaskRows> {
  const columns = { time: float64(), kind: uint8(), task: int32(), machine: int32(), shape: int32() }
  const shapes: ClassRow[] = []
  const shapeNames = new ByteNames()
  const shapeOf: number[] = []
  const apartNames: (Map<number, number> | null)[] = []
  const jobs: TaskRows['jobs'] = []
  const jobNames = new ByteNames()
  /** By row in `jobNames`: two names may be one number. */
  const jobOfName: number[] = []
  const jobOfId = new Map<number, number>()
  const tasks = new TaskNumbers()
  const oddities = new CountBy()
  let read = 0

  const readShape = (fields: Fields, job: number, place: Place): number => {
    const name = fields.name(shapeNames, PRIORITY, SPREAD)
    const apart = apartNames[name]
    const known = apart === undefined ? undefined : apart === null ? shapeOf[name] : apart.get(job)
    if (known !== undefined) return known
    const isSpread = fields.text(SPREAD) === '1'
    const priority = fields.within(PRIORITY, 'priority', place, PRIORITIES)
    const request = ['CPU request', 'memory request', 'disk request'].map((what, r) => {
      const text = fields.text(REQUEST + r)
      return text === '' ? 0 : Math.round(readAmount(text, what, place) * 1e9)
    })
    shapes.push({ request, priority, tier: TIER_OF_PRIORITY[priority], spread: isSpread ? job : NONE })
    if (!isSpread) shapeOf[name] = shapes.length - 1
    apartNames[name] ??= isSpread ? new Map() : null
    apartNames[name]?.set(job, shapes.length - 1)
    return shapes.length - 1
  }
  const readJob = (fields: Fields, place: Place): number => {
    const name = fields.name(jobNames, JOB)
    const known = jobOfName[name]
    if (known !== undefined) return known
    const id = fields.integer(JOB, 'job', place)
    const job = jobOfId.get(id) ?? jobs.length
    if (job === jobs.length) {
      jobs.push({ id: String(id), user: '', tier: '' })
      jobOfId.set(id, job)
    }
    jobOfName[name] = job
    return job
  }
  const onRow = (fields: Fields, place: Place): void => {
    if (fields.count < 13) throw wrongAt(place, `too few columns: ${fields.count} (a task row has 13)`)
    const time = readTime(fields, place)
    const kind = fields.within(KIND, 'task event type', place, KINDS)
    if (time === Number.POSITIVE_INFINITY) {
      skipped.add('task row after the end of the trace')
      return
    }
    const job = readJob(fields, place)
    const shape = readShape(fields, job, place)
    if (jobs[job].user === '') jobs[job] = { id: jobs[job].id, user: fields.text(USER), tier: jobs[job].tier || shapes[shape].tier }
    const index = fields.within(INDEX, 'task index', place, INDICES)
    const task = tasks.row(job, index)
    if (fields.length(MISSING) > 0) oddities.add('task rows with missing info')
    if (fields.length(REQUEST) === 0 || fields.length(REQUEST + 1) === 0 || fields.length(REQUEST + 2) === 0)
      oddities.add('task rows without a request, taken as 0')
    const machine = fields.find(machines, MACHINE)
    if (machine === NONE && fields.length(MACHINE) > 0) {
      fields.integer(MACHINE, 'machine', place)
      oddities.add('task rows on a machine that the machine table lacks')
    }
    columns.time.push(time)
    columns.kind.push(kind)
    columns.task.push(task)
    columns.machine.push(machine)
    columns.shape.push(shape)
  }
  for (const file of files) read += await readFields(file, onRow)
  const inTime = ordered(columns)
  const { time } = inTime
  if (time.length === 0) throw new InputError(`${files.join(', ')}: no task row within the trace`)
  return {
    read,
    start: time.find((at) => at > 0) ?? 0,
    end: time[time.length - 1],
    ...inTime,
    shapes,
    jobs,
    count: tasks.count,
    ...tasks.done(),
    oddities,
  }
}

/** The columns by time, equal times as they were read; the published parts are in order as they are. */
function ordered(
  columns: Record<'task' | 'machine' | 'shape', Column<Int32Array>> & { time: Column<Float64Array>; kind: Column<Uint8Array> },
) {
  const time = columns.time.done()
  const kind = columns.kind.done()
  const task = columns.task.done()
  const machine = columns.machine.done()
  const shape = columns.shape.done()
  if (isAscending(time)) return { time, kind, task, machine, shape }
  const order = Uint32Array.from(time, (_, row) => row).sort((a, b) => time[a] - time[b] || a - b)
  return {
    time: Float64Array.from(order, (row) => time[row]),
    kind: Uint8Array.from(order, (row) => kind[row]),
    task: Int32Array.from(order, (row) => task[row]),
    machine: Int32Array.from(order, (row) => machine[row]),
    shape: Int32Array.from(order, (row) => shape[row]),
  }
}

function isAscending(values: Float64Array): boolean {
  for (let row = 1; row < values.length; row++) if (values[row] < values[row - 1]) return false
  return true
}
