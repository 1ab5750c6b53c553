import { type ClassRow, float64, InputError, int32, NONE, uint8 } from '../sim/index.ts'
import { CountBy } from './count-by.ts'
import { readTime } from './google-2011-time.ts'
import { type Place, wrongAt } from './place.ts'
import { readLines } from './read-lines.ts'
import { readAmount, readInteger, readWithin } from './read-number.ts'

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
export async function readTaskRows(files: readonly string[], machineRow: ReadonlyMap<string, number>, skipped: CountBy): Promise<TaskRows> {
  const columns = { time: float64(), kind: uint8(), task: int32(), machine: int32(), shape: int32() }
  const shapes: ClassRow[] = []
  const shapeRow = new Map<string, number>()
  const jobs: TaskRows['jobs'] = []
  const jobRow = new Map<string, number>()
  const tasksOfJob: Map<string, number>[] = []
  const jobOf = int32()
  const indexOf = int32()
  const oddities = new CountBy()
  let read = 0

  const readShape = (cells: readonly string[], job: number, place: Place): number => {
    const key = `${cells.slice(8, 12).join()},${cells[12] === '1' ? job : ''}`
    const known = shapeRow.get(key)
    if (known !== undefined) return known
    const priority = readWithin(cells[8], 'priority', place, { least: 0, most: 11 })
    const request = ['CPU request', 'memory request', 'disk request'].map((what, r) =>
      cells[9 + r] === '' ? 0 : Math.round(readAmount(cells[9 + r], what, place) * 1e9),
    )
    shapes.push({ request, priority, tier: TIER_OF_PRIORITY[priority], spread: cells[12] === '1' ? job : NONE })
    shapeRow.set(key, shapes.length - 1)
    return shapes.length - 1
  }
  const onLine = (line: string, place: Place): void => {
    const cells = line.split(',')
    if (cells.length < 13) throw wrongAt(place, `too few columns: ${cells.length} (a task row has 13)`)
    const time = readTime(cells[0], place)
    const kind = readWithin(cells[5], 'task event type', place, { least: SUBMIT, most: UPDATE_RUNNING })
    if (time === Number.POSITIVE_INFINITY) {
      skipped.add('task row after the end of the trace')
      return
    }
    let job = jobRow.get(cells[2])
    if (job === undefined) {
      job = jobs.length
      jobs.push({ id: String(readInteger(cells[2], 'job', place)), user: '', tier: '' })
      jobRow.set(cells[2], job)
      tasksOfJob.push(new Map())
    }
    const shape = readShape(cells, job, place)
    if (jobs[job].user === '') jobs[job] = { id: jobs[job].id, user: cells[6], tier: jobs[job].tier || shapes[shape].tier }
    let task = tasksOfJob[job].get(cells[3])
    if (task === undefined) {
      task = jobOf.length
      tasksOfJob[job].set(cells[3], task)
      jobOf.push(job)
      indexOf.push(readWithin(cells[3], 'task index', place, { least: 0, most: 2 ** 31 - 1 }))
    }
    if (cells[1] !== '') oddities.add('task rows with missing info')
    if (cells[9] === '' || cells[10] === '' || cells[11] === '') oddities.add('task rows without a request, taken as 0')
    if (cells[4] !== '') readInteger(cells[4], 'machine', place)
    const machine = cells[4] === '' ? NONE : (machineRow.get(cells[4]) ?? NONE)
    if (cells[4] !== '' && machine === NONE) oddities.add('task rows on a machine that the machine table lacks')
    columns.time.push(time)
    columns.kind.push(kind)
    columns.task.push(task)
    columns.machine.push(machine)
    columns.shape.push(shape)
  }
  for (const file of files) read += await readLines(file, onLine)
  const order = inOrder(columns.time.done())
  const time = order.map((row) => columns.time.get(row))
  if (time.length === 0) throw new InputError(`${files.join(', ')}: no task row within the trace`)
  return {
    read,
    start: time.find((at) => at > 0) ?? 0,
    end: time[time.length - 1],
    time,
    kind: Uint8Array.from(order, (row) => columns.kind.get(row)),
    task: Int32Array.from(order, (row) => columns.task.get(row)),
    machine: Int32Array.from(order, (row) => columns.machine.get(row)),
    shape: Int32Array.from(order, (row) => columns.shape.get(row)),
    shapes,
    jobs,
    count: jobOf.length,
    jobOf: jobOf.done(),
    indexOf: indexOf.done(),
    oddities,
  }
}

/** The row numbers by time, equal times as they were read. */
function inOrder(time: Float64Array): Float64Array {
  return Float64Array.from(time, (_, row) => row).sort((a, b) => time[a] - time[b] || a - b)
}
