import { basename } from 'node:path'
import { InputError, type Trace, TraceBuilder } from '../sim/index.ts'
import { CountBy } from './count-by.ts'
import type { Fields } from './fields.ts'
import { findFile, listFolder } from './find-file.ts'
import { type CellShape, readMachineCount, readShape } from './machine-shape.ts'
import { type Place, wrongAt } from './place.ts'
import { readFields } from './read-fields.ts'
import { readAmount, readInteger, readWithin } from './read-number.ts'

const RESOURCES = [
  { name: 'cpu', unit: 'milli-CPU', scale: 1000 },
  { name: 'memory', unit: '1e-9 of a machine', scale: 1e9 },
]

/**
 * Loads the batch tasks of Alibaba's cluster-trace-v2017: `batch_task.csv`, or the folder that has it. It tells of no
 * machines, so their number and shape must be given (memory 1 is all of one of its machines). Each row is so many
 * instances of one task, and each instance is a task here, numbered on within the job; all arrive when the row was
 * created and run until its end. `Running` has no end yet and never ends; `Waiting` was never scheduled.
 * Throws InputError on bad input, or where machines and shape are not given.
 */
export async function loadAlibaba2017(path: string, options: Partial<CellShape> = {}): Promise<Trace> {
  const { machines, shape } = options
  if (machines === undefined || shape === undefined) {
    throw new InputError(`${path}: this trace has no machines: give machines and shape, such as --machines 1300 --shape cpu=64,memory=1`)
  }
  const file = (await listFolder(path)) === null ? path : await findFile(path, 'batch_task.csv')
  const builder = new TraceBuilder({ name: basename(path), format: 'alibaba-2017', resources: RESOURCES, tiers: ['batch'] })
  const capacity = readShape(shape, RESOURCES)
  for (let machine = 0; machine < readMachineCount(machines); machine++) builder.machine({ id: `${machine}`, capacity, present: true })

  const skipped = new CountBy()
  const user = builder.user('')
  const jobs = new Map<string, { readonly row: number; tasks: number }>()
  const counted = { rows: 0, tasks: 0, neverScheduled: 0, censored: 0 }
  let start = Number.POSITIVE_INFINITY
  let end = 0

  const onRow = (fields: Fields, place: Place): void => {
    if (fields.count < 8) throw wrongAt(place, `too few columns: ${fields.count} (a task row has 8)`)
    const cells = Array.from({ length: 8 }, (_, field) => fields.text(field).trim())
    if (place.line === 1 && Number.isNaN(Number(cells[0]))) return
    counted.rows++
    const created = readInteger(cells[0], 'create time', place)
    const ended = readInteger(cells[1], 'end time', place)
    const instances = readWithin(cells[4], 'number of instances', place, { least: 0, most: 2 ** 31 - 1 })
    const status = cells[5]
    const leaveOut = created < 0 ? 'negative create time' : whyUseless(status, created, ended)
    if (leaveOut !== null || cells[6] === '' || cells[7] === '') {
      skipped.add(leaveOut ?? 'no CPU or memory request')
      return
    }
    const row = builder.class({
      request: [
        Math.round(readAmount(cells[6], 'CPU request', place) * 10),
        Math.round(readAmount(cells[7], 'memory request', place) * 1e9),
      ],
      priority: 0,
      tier: 'batch',
    })
    const job = jobs.get(cells[2]) ?? { row: builder.job(cells[2], user, 'batch'), tasks: 0 }
    jobs.set(cells[2], job)
    const isOpen = status === 'Running'
    const isUnscheduled = status === 'Waiting'
    const run = {
      class: row,
      arrival: created * 1e6,
      runTime: isUnscheduled ? Number.NaN : isOpen ? Number.POSITIVE_INFINITY : (ended - created) * 1e6,
      end: isOpen || isUnscheduled ? 'none' : status === 'Failed' ? 'fail' : 'finish',
    } as const
    for (let instance = 0; instance < instances; instance++) builder.run({ ...run, task: builder.task(job.row, job.tasks++) })
    counted.tasks += instances
    if (isOpen) counted.censored += instances
    if (isUnscheduled) counted.neverScheduled += instances
    start = Math.min(start, run.arrival)
    end = Math.max(end, run.arrival, ended * 1e6)
  }
  await readFields(file, onRow)
  if (counted.tasks === 0) throw new InputError(`${file}: no usable task row in it`)

  return builder.trace({
    start,
    end,
    counts: {
      'task rows': counted.rows,
      machines,
      jobs: jobs.size,
      tasks: counted.tasks,
      runs: counted.tasks,
      'never scheduled': counted.neverScheduled,
      censored: counted.censored,
    },
    skipped: skipped.done(),
  })
}

function whyUseless(status: string, created: number, ended: number): string | null {
  if (status === 'Running' || status === 'Waiting') return null
  if (ended === 0) return 'no end time'
  return ended < created ? 'end before start' : null
}
