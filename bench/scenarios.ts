import { existsSync } from 'node:fs'
import { freshProcess } from './fresh-process.ts'
import type { Sample } from './measured.ts'

const REAL = '../shared/traces/google-2011'
const VMS = { hosts: 10_000, vmsPerHost: 2, packing: 'best-fit', seed: 1 }
const CELL = { machines: 1000, days: 1, hosts: 0, vms: 0, cloudlets: 0, packing: 'best-fit', seed: 1 } as const

/** Whole runs, each in a process of its own; a run that cannot be made here says why instead. */
export const scenarios: Readonly<Record<string, () => Promise<Sample> | string>> = {
  'placements, 10,000 hosts': () => freshProcess('placements', { ...VMS, churn: 0 }),
  'placements with churn, 10,000 hosts': () => freshProcess('placements', { ...VMS, churn: 5 }),
  'replay, google-2011 of 1,000 machines for a day': () => freshProcess('replay', { ...CELL, preemption: 'none' }),
  'replay, the same with preemption': () => freshProcess('replay', { ...CELL, preemption: 'borg' }),
  'replay, 1,000 hosts, 2,000 VMs, 2,500 cloudlets': () =>
    freshProcess('replay', { ...CELL, hosts: 1000, vms: 2000, cloudlets: 2500, preemption: 'none' }),
  'queue, 100,000 pending': () => freshProcess('queue', { pending: 100_000, events: 5_000_000, seed: 1 }),
  'read task_events 20 times': () => read('task_events', 20),
  'read job_events once': () => read('job_events', 1),
}

function read(table: 'task_events' | 'job_events', reads: number): Promise<Sample> | string {
  if (!existsSync(REAL)) return `the published trace is not at ${REAL}`
  return freshProcess('read', { table, path: REAL, reads })
}
