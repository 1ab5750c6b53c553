import { createWriteStream } from 'node:fs'
import { rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { stringify } from 'csv-stringify'
import { ENDS, MACHINE_EVENTS, NONE, type Trace } from '../sim/index.ts'
import { type CsvHead, columnOf, EVENT_COLUMNS, MACHINE_COLUMNS, SOMEWHERE, TASK_COLUMNS, UNSCHEDULED } from './csv-head.ts'

/** One row of a table by column; a column that is absent is left empty. */
export type CsvRow = Readonly<Record<string, string | number>>

/** What `writeCsv` writes; the rows may come one by one from a generator. */
export interface CsvTables {
  readonly head: CsvHead
  readonly machines: Iterable<CsvRow> | AsyncIterable<CsvRow>
  /** What happens to machines; absent where nothing does. */
  readonly machineEvents?: Iterable<CsvRow> | AsyncIterable<CsvRow>
  readonly tasks: Iterable<CsvRow> | AsyncIterable<CsvRow>
}

/**
 * Writes the form that `loadCsv` reads into a folder that is there. Rows stream; a file is there whole or not
 * at all.
 */
export async function writeCsv(folder: string, { head, machines, machineEvents, tasks }: CsvTables): Promise<void> {
  const extended = (head.resources ?? [])
    .map(({ name }) => columnOf(name))
    .filter((name) => name.startsWith('extended.') && name !== 'extended.gpu')
  await writeTable(join(folder, 'machines.csv'), [...MACHINE_COLUMNS, ...extended], machines)
  if (machineEvents) await writeTable(join(folder, 'machine_events.csv'), [...EVENT_COLUMNS, ...extended], machineEvents)
  else await rm(join(folder, 'machine_events.csv'), { force: true })
  await writeTable(join(folder, 'tasks.csv'), [...TASK_COLUMNS, ...extended], tasks)
  await writeFile(join(folder, 'trace.json.part'), `${JSON.stringify(head, null, 2)}\n`)
  await rename(join(folder, 'trace.json.part'), join(folder, 'trace.json'))
}

/**
 * A trace as rows. Times are counted from its opening; machines that are never in the cell, what was left out in loading,
 * and where the trace itself placed its runs are not kept.
 */
export function csvOf(trace: Trace): CsvTables {
  return {
    head: {
      end_s: (trace.end - trace.start) / 1e6,
      tiers: [...trace.tiers],
      resources: trace.resources.map(({ name, unit, scale }) => ({ name, unit, scale })),
    },
    machines: machineRows(trace),
    ...(trace.machineEvents.count > 0 && { machineEvents: eventRows(trace) }),
    tasks: taskRows(trace),
  }
}

async function writeTable(file: string, columns: readonly string[], rows: CsvTables['tasks']): Promise<void> {
  try {
    await pipeline(Readable.from(rows), stringify({ header: true, columns: [...columns] }), createWriteStream(`${file}.part`))
    await rename(`${file}.part`, file)
  } catch (error) {
    await rm(`${file}.part`, { force: true })
    throw error
  }
}

function amounts({ resources }: Trace, units: (r: number) => number): Record<string, number> {
  const entries = resources.map(({ name, scale }, r) => [columnOf(name), units(r) / scale] as const)
  return Object.fromEntries(entries.filter((_, r) => resources[r].name !== 'gpu'))
}

function* machineRows(trace: Trace): Generator<CsvRow> {
  const { machines, machineEvents } = trace
  const comes = new Uint8Array(machines.count)
  for (const machine of machineEvents.machine) comes[machine] = 1
  for (let m = 0; m < machines.count; m++) {
    if (machines.present[m] === 0 && comes[m] === 0) continue
    yield {
      id: machines.id[m],
      ...amounts(trace, (r) => machines.capacity[r][m]),
      gpus: machines.devices[m],
      model: trace.models[machines.model[m]],
    }
  }
}

function* eventRows(trace: Trace): Generator<CsvRow> {
  const { machines, machineEvents, start } = trace
  for (let e = 0; e < machineEvents.count; e++) {
    yield {
      time_s: (machineEvents.time[e] - start) / 1e6,
      event: MACHINE_EVENTS[machineEvents.kind[e]],
      id: machines.id[machineEvents.machine[e]],
      ...amounts(trace, (r) => machineEvents.capacity[r][e]),
    }
  }
}

function* taskRows(trace: Trace): Generator<CsvRow> {
  const { runs, tasks, jobs, classes, machines, start } = trace
  for (let run = 0; run < runs.count; run++) {
    const task = runs.task[run]
    const job = tasks.job[task]
    const row = runs.class[run]
    const runTime = runs.runTime[run]
    const isFirst = runs.previous[run] === NONE
    yield {
      job: jobs.id[job],
      index: tasks.index[task],
      user: trace.users[jobs.user[job]],
      tier: trace.tiers[classes.tier[row]],
      priority: classes.priority[row],
      ...amounts(trace, (r) => classes.request[r][row]),
      gpus: classes.devices[row],
      gpu_milli: classes.milli[row],
      models: (classes.models[row] ?? []).map((model) => trace.models[model]).join('|'),
      arrival_s: (runs.arrival[run] - (isFirst ? start : 0)) / 1e6,
      run_s: Number.isNaN(runTime) ? UNSCHEDULED : runTime === Number.POSITIVE_INFINITY ? '' : runTime / 1e6,
      end: ENDS[runs.end[run]],
      different_machines: classes.spread[row] === NONE ? 0 : 1,
      preplaced: runs.preplaced[run] === 0 ? '' : runs.machine[run] === NONE ? SOMEWHERE : machines.id[runs.machine[run]],
    }
  }
}
