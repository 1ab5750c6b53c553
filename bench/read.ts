import { join } from 'node:path'
import { CountBy, openTrace, readJobRows, readMachineRows, readTaskRows } from '../workloads/index.ts'
import type { Measured } from './measured.ts'

/** Tables of google-2011 from gzip to columns, or any trace from its file to a Trace. */
export const TABLES = ['task_events', 'job_events', 'trace'] as const

export interface ReadOptions {
  readonly table: (typeof TABLES)[number]
  /** A folder with google-2011; for `trace` any trace. */
  readonly path: string
  readonly reads: number
}

/**
 * One table read so many times, one after the other, cold start included. `cpu_seconds` are those of the reading on all cores,
 * unzipping, compiling and collecting of garbage too, since they have threads of their own.
 */
export async function read({ table, path, reads }: ReadOptions): Promise<Measured> {
  const once = await reader(table, path)
  let count = 0
  const before = process.cpuUsage()
  const began = performance.now()
  for (let time = 0; time < reads; time++) count += await once()
  const seconds = (performance.now() - began) / 1000
  const { user, system } = process.cpuUsage(before)
  const cpuSeconds = (user + system) / 1e6
  return { unit: 'rows', count, seconds, more: { cpu_seconds: cpuSeconds, rows_per_cpu_second: count / cpuSeconds } }
}

async function reader(table: ReadOptions['table'], path: string): Promise<() => Promise<number>> {
  if (table === 'trace') return async () => (await openTrace(path)).runs.count
  if (table === 'job_events') return async () => (await readJobRows([join(path, 'job_events_compact_parts_000-399.csv.gz')])).read
  const { names } = await readMachineRows([join(path, 'machine_events/part-00000-of-00001.csv.gz')])
  return async () => (await readTaskRows([join(path, 'task_events/part-00001-of-00500.csv.gz')], names, new CountBy())).read
}
