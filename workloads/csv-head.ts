import { z } from 'zod'
import { InputError, type Resource, WHOLE_DEVICE } from '../sim/index.ts'
import { readBytes } from './read-bytes.ts'

const schema = z.strictObject({
  // Beyond this, whole microseconds are not held exactly.
  end_s: z.number().nonnegative().max(9e9).optional(),
  tiers: z.array(z.string()).optional(),
  resources: z.array(z.strictObject({ name: z.string(), unit: z.string(), scale: z.number().positive() })).optional(),
})

/** What the two tables cannot say: the optional `trace.json` beside them. */
export type CsvHead = z.infer<typeof schema>

/** Reads a `trace.json`. Throws InputError when it is not of the form that docs/trace-csv.md gives. */
export async function readCsvHead(path: string): Promise<CsvHead> {
  const chunks: Buffer[] = []
  for await (const chunk of readBytes(path)) chunks.push(chunk)
  let json: unknown
  try {
    json = JSON.parse(Buffer.concat(chunks).toString())
  } catch (error) {
    throw new InputError(`${path}: not JSON: ${error instanceof Error ? error.message : error}`)
  }
  const read = schema.safeParse(json)
  if (read.success) return read.data
  const [issue] = read.error.issues
  throw new InputError(`${path}: ${issue.path.join('.')}: ${issue.message}`)
}

export type CsvResources = readonly Omit<Resource, 'constrains'>[]

/** The units in which the tables' numbers are held, unless `trace.json` says others. */
export const CSV_RESOURCES: CsvResources = [
  { name: 'cpu', unit: 'milli-CPU', scale: 1000 },
  { name: 'memory', unit: 'MiB', scale: 1024 },
  { name: 'disk', unit: 'MiB', scale: 1024 },
  { name: 'gpu', unit: 'milli-GPU', scale: WHOLE_DEVICE },
]

const PLAIN = ['cpu', 'memory', 'disk']

/** The column that holds this resource's amounts; the GPUs have columns of their own. */
export function columnOf(resource: string): string {
  return PLAIN.includes(resource) ? resource : `extended.${resource}`
}

export const MACHINE_COLUMNS = ['id', 'cpu', 'memory', 'disk', 'gpus', 'model', 'added_s', 'removed_s']
export const EVENT_COLUMNS = ['time_s', 'event', 'id', 'cpu', 'memory', 'disk']
export const TASK_COLUMNS = [
  'job',
  'index',
  'user',
  'tier',
  'priority',
  'cpu',
  'memory',
  'disk',
  'gpus',
  'gpu_milli',
  'models',
  'arrival_s',
  'run_s',
  'end',
  'different_machines',
  'preplaced',
]

/** What `run_s` says of a run that the trace never scheduled. */
export const UNSCHEDULED = 'unscheduled'

/** What `preplaced` says where the machine is not known. */
export const SOMEWHERE = '?'
