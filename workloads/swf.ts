import { basename } from 'node:path'
import { type End, InputError, NONE, type Trace, TraceBuilder } from '../sim/index.ts'
import { CountBy } from './count-by.ts'
import { type CellShape, readMachineCount, readShape } from './machine-shape.ts'
import { type Place, wrongAt } from './place.ts'
import { readLines } from './read-lines.ts'
import { readInteger, readWithin } from './read-number.ts'

const RESOURCES = [
  { name: 'cpu', unit: 'milli-CPU', scale: 1000 },
  { name: 'memory', unit: 'KiB', scale: 1024 * 1024 },
]

/**
 * Loads a log of the Parallel Workloads Archive in its Standard Workload Format 2.2: `;` header lines, then 18 columns a
 * job, seconds, -1 for unknown. A job is one task a processor (allocated, else requested), each asking for one CPU and the
 * memory that the job states for a processor. The machines are the header's MaxNodes with MaxProcs between them (one
 * processor each where it names no nodes), without stated memory, or those of `machines` and `shape`. A job whose status
 * is unknown is taken to have finished. Throws InputError on bad input.
 */
export async function loadSwf(path: string, options: Partial<CellShape> = {}): Promise<Trace> {
  const builder = new TraceBuilder({ name: basename(path), format: 'swf', resources: RESOURCES, tiers: ['batch'] })
  const header = new Map<string, string>()
  const skipped = new CountBy()
  const counted = { rows: 0, jobs: 0, tasks: 0, unknown: 0 }
  let start = Number.POSITIVE_INFINITY
  let end = 0

  const onJob = (line: string, place: Place): void => {
    const cells = line.trim().split(/\s+/)
    if (cells.length < 18) throw wrongAt(place, `too few columns: ${cells.length} (a job row has 18)`)
    counted.rows++
    const id = readInteger(cells[0], 'job', place)
    const submitted = readWithin(cells[1], 'submit time', place, { least: 0, most: 2 ** 40 })
    const waited = atLeastUnknown(cells[2], 'wait time', place)
    const runTime = readNumber(cells[3], 'run time', place)
    const allocated = atLeastUnknown(cells[4], 'allocated processors', place)
    const requested = atLeastUnknown(cells[7], 'requested processors', place)
    const usedMemory = atLeastUnknown(cells[6], 'used memory', place)
    const requestedMemory = atLeastUnknown(cells[9], 'requested memory', place)
    const status = readInteger(cells[10], 'status', place)
    const processors = allocated > 0 ? allocated : requested
    const leaveOut =
      status >= 2 && status <= 4
        ? 'partial execution of a job that has its own row'
        : runTime <= 0
          ? 'run time unknown, 0 or negative'
          : processors <= 0
            ? 'no processors'
            : null
    if (leaveOut !== null) {
      skipped.add(leaveOut)
      return
    }
    const job = builder.job(`${id}`, builder.user(cells[11] === '-1' ? '' : cells[11]), 'batch')
    const memory = requestedMemory > 0 ? requestedMemory : usedMemory
    const row = builder.class({ request: [1000, Math.max(0, Math.ceil(memory))], priority: 0, tier: 'batch' })
    const arrival = submitted * 1e6
    const run = { class: row, arrival, runTime: Math.round(runTime * 1e6), end: endOf(status) }
    const from = arrival + Math.round(Math.max(0, waited) * 1e6)
    for (let index = 0; index < processors; index++) {
      const task = builder.run({ ...run, task: builder.task(job, index) })
      if (waited >= 0) builder.recorded(task, NONE, from, from + run.runTime)
    }
    counted.jobs++
    counted.tasks += processors
    if (status !== 0 && status !== 1 && status !== 5) counted.unknown++
    start = Math.min(start, arrival)
    end = Math.max(end, from + run.runTime)
  }
  await readLines(path, (line, place) => {
    if (!line.startsWith(';')) {
      if (line.trim() !== '') onJob(line, place)
      return
    }
    const [, key, value] = /^;\s*(\w+):\s*(.*)$/.exec(line) ?? []
    if (key !== undefined && !header.has(key)) header.set(key, value.trim())
  })
  if (counted.jobs === 0) throw new InputError(`${path}: no usable job in it`)
  const machines = addMachines(builder, header, options, path)

  return builder.trace({
    start,
    end,
    counts: {
      'job rows': counted.rows,
      machines,
      jobs: counted.jobs,
      tasks: counted.tasks,
      runs: counted.tasks,
      'jobs of unknown status, taken as finished': counted.unknown,
    },
    skipped: skipped.done(),
  })
}

/** Processors that do not divide evenly go one more to each of the first nodes. */
function addMachines(builder: TraceBuilder, header: ReadonlyMap<string, string>, options: Partial<CellShape>, path: string): number {
  const { shape } = options
  const processors = Number(header.get('MaxProcs') ?? header.get('MaxNodes') ?? Number.NaN)
  const stated = Number(header.get('MaxNodes') ?? processors)
  const nodes = options.machines === undefined ? stated : readMachineCount(options.machines)
  const isKnown =
    Number.isSafeInteger(nodes) && nodes > 0 && (shape !== undefined || (Number.isSafeInteger(processors) && processors >= nodes))
  if (!isKnown) {
    throw new InputError(`${path}: the header does not say how many nodes and processors (give --machines 120 --shape cpu=2)`)
  }
  const capacity = shape === undefined ? null : readShape(shape, RESOURCES)
  for (let node = 0; node < nodes; node++) {
    const cpus = Math.floor(processors / nodes) + (node < processors % nodes ? 1 : 0)
    builder.machine({ id: `${node}`, capacity: capacity ?? [cpus * 1000, 0], present: true })
  }
  return nodes
}

/** A number from 0, or -1 for unknown. Some logs write whole numbers with decimals. */
function atLeastUnknown(text: string, what: string, place: Place): number {
  const value = readNumber(text, what, place)
  if (value < -1) throw wrongAt(place, `negative ${what}: ${text} (-1 means unknown)`)
  return value
}

function readNumber(text: string, what: string, place: Place): number {
  const value = Number(text)
  if (text === '' || !Number.isFinite(value)) throw wrongAt(place, `${what} is not a number: ${text}`)
  return value
}

function endOf(status: number): End {
  if (status === 0) return 'fail'
  return status === 5 ? 'kill' : 'finish'
}
