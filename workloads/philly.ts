import { basename } from 'node:path'
import { InputError, MAX_DEVICES, type Trace, TraceBuilder, WHOLE_DEVICE } from '../sim/index.ts'
import { CountBy } from './count-by.ts'
import { findFile, listFolder } from './find-file.ts'
import { type Place, wrongAt } from './place.ts'
import { readAmount, readWithin } from './read-number.ts'
import { readRows } from './read-rows.ts'

/** The most GPUs of one task: what the largest machine has. */
const DEVICES_A_TASK = 8

interface JobRow {
  readonly row: number
  /** Microseconds of wall time. */
  readonly time: number
  readonly runTime: number
  readonly devices: number
  readonly user: string
}

/**
 * Loads the job list of Microsoft's Philly (Jeon et al., ATC'19): a folder with `philly_jobs.csv` and
 * `revised_machine_list.csv`. Only whole GPUs are known. A job of more than 8 is split into tasks of at most 8. The user is
 * the virtual cluster. Times are local wall time, read as they stand, counted from the first job; a job is named by its
 * row in the file. Nothing is known of when or where it ran. Throws InputError on bad input.
 */
export async function loadPhilly(path: string): Promise<Trace> {
  const names = await listFolder(path)
  if (names === null)
    throw new InputError(`${path}: a file where the folder with philly_jobs.csv and revised_machine_list.csv was expected`)
  const builder = new TraceBuilder({
    name: basename(path),
    format: 'philly',
    resources: [{ name: 'gpu', unit: 'milli-GPU', scale: WHOLE_DEVICE }],
    tiers: ['batch'],
  })

  const seen = new Set<string>()
  let devices = 0
  const machines = await readRows(await findFile(path, 'revised_machine_list.csv'), ['machineId', 'number of GPUs'], (cell, place) => {
    const id = cell('machineId')
    if (seen.has(id)) throw wrongAt(place, `duplicate machine: ${id}`)
    seen.add(id)
    const count = readWithin(cell('number of GPUs'), 'number of GPUs', place, { least: 0, most: MAX_DEVICES })
    devices += count
    builder.machine({ id, capacity: [0], devices: count, present: true })
  })

  const skipped = new CountBy()
  const jobs: JobRow[] = []
  const read = await readRows(await findFile(path, 'philly_jobs.csv'), ['timestamp', 'duration', 'num_gpus', 'cluster'], (cell, place) => {
    if (cell('duration').startsWith('-')) {
      skipped.add('job that ends before it starts')
      return
    }
    jobs.push({
      row: place.line - 1,
      time: wallTime(cell('timestamp'), place),
      runTime: Math.round(readAmount(cell('duration'), 'duration', place) * 1e6),
      devices: readWithin(cell('num_gpus'), 'number of GPUs', place, { least: 1, most: 1e6 }),
      user: cell('cluster'),
    })
  })
  if (jobs.length === 0) throw new InputError(`${path}: no job in philly_jobs.csv`)
  jobs.sort((a, b) => a.time - b.time || a.row - b.row)

  const opening = jobs[0].time
  let split = 0
  let tasks = 0
  for (const { row, time, runTime, devices: wanted, user } of jobs) {
    const job = builder.job(`${row}`, builder.user(user), 'batch')
    if (wanted > DEVICES_A_TASK) split++
    for (let index = 0, left = wanted; left > 0; index++, left -= DEVICES_A_TASK) {
      const shape = { request: [0], devices: Math.min(left, DEVICES_A_TASK), milli: WHOLE_DEVICE, priority: 0, tier: 'batch' }
      builder.run({ task: builder.task(job, index), class: builder.class(shape), arrival: time - opening, runTime, end: 'finish' })
      tasks++
    }
  }
  return builder.trace({
    start: 0,
    end: jobs[jobs.length - 1].time - opening,
    counts: {
      'task rows': read.rows,
      'machine rows': machines.rows,
      machines: machines.rows,
      GPUs: devices,
      jobs: jobs.length,
      'jobs split into tasks of at most 8 GPUs': split,
      tasks,
      runs: tasks,
    },
    skipped: skipped.done(),
  })
}

/** `2017-10-09 06:13:03` in microseconds. The zone is unknown and of no matter: only differences are used. */
function wallTime(text: string, place: Place): number {
  const parts = /^(\d{4})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d)$/.exec(text)
  if (!parts) throw wrongAt(place, `timestamp is not like 2017-10-09 06:13:03: ${text}`)
  const [year, month, day, hour, minute, second] = parts.slice(1).map(Number)
  return Date.UTC(year, month - 1, day, hour, minute, second) * 1000
}
