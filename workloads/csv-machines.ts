import { MACHINE_EVENTS, MAX_DEVICES, type MachineEvent, type TraceBuilder } from '../sim/index.ts'
import { isKnown, readAmounts, readSeconds } from './csv-cells.ts'
import { type CsvResources, columnOf, EVENT_COLUMNS, MACHINE_COLUMNS, SOMEWHERE } from './csv-head.ts'
import { wrongAt } from './place.ts'
import { readWithin } from './read-number.ts'
import { readTable } from './read-table.ts'

export interface CsvMachines {
  /** A machine's row by its id. */
  readonly row: ReadonlyMap<string, number>
  /** The ids of those that are in the cell at the opening. */
  readonly present: ReadonlySet<string>
  readonly events: number
  /** When the last of them comes or goes, microseconds. */
  readonly last: number
}

interface EventRow {
  readonly time: number
  readonly kind: MachineEvent
  /** Null where the row leaves the capacity as machines.csv has it. */
  readonly capacity: readonly number[] | null
  readonly line: number
}

/** Adds the machines of `machines.csv` and what happens to them, there and in `machine_events.csv`. Throws InputError on bad input. */
export async function addMachines(
  builder: TraceBuilder,
  files: { readonly machinesFile: string; readonly eventsFile: string | null },
  resources: CsvResources,
): Promise<CsvMachines> {
  const eventsOf = files.eventsFile === null ? new Map<string, EventRow[]>() : await readEvents(files.eventsFile, resources)
  const row = new Map<string, number>()
  const isPresent = new Set<string>()
  let events = 0
  let last = 0
  await readTable(files.machinesFile, { required: ['id', 'cpu', 'memory'], known: isKnown(MACHINE_COLUMNS) }, (cell, place) => {
    const id = cell('id')
    if (id === '' || id === SOMEWHERE) throw wrongAt(place, `not a machine id: ${id === '' ? 'nothing there' : id}`)
    if (row.has(id)) throw wrongAt(place, `duplicate machine: ${id}`)
    const capacity = readAmounts(cell, resources, 'capacity', place)
    const devices = cell('gpus') === '' ? 0 : readWithin(cell('gpus'), 'number of GPUs', place, { least: 0, most: MAX_DEVICES })
    const added = cell('added_s') === '' ? null : readSeconds(cell('added_s'), 'added_s', place)
    const removed = cell('removed_s') === '' ? null : readSeconds(cell('removed_s'), 'removed_s', place)
    if (removed !== null && removed <= (added ?? -1)) {
      throw wrongAt(place, `removed_s ${cell('removed_s')} is not after added_s ${cell('added_s')}`)
    }
    const more = eventsOf.get(id) ?? []
    const present = added === null && more[0]?.kind !== 'add'
    const machine = builder.machine({ id, capacity, devices, model: cell('model'), present })
    row.set(id, machine)
    if (present) isPresent.add(id)
    const add = (time: number, kind: MachineEvent, has: readonly number[]) => {
      builder.machineEvent(time, kind, machine, has)
      events++
      last = Math.max(last, time)
    }
    if (added !== null) add(added, 'add', capacity)
    if (removed !== null) add(removed, 'remove', capacity)
    for (const event of more) add(event.time, event.kind, event.capacity ?? capacity)
    eventsOf.delete(id)
  })
  for (const [id, [event]] of eventsOf) {
    throw wrongAt({ file: files.eventsFile ?? '', line: event.line }, `machine that machines.csv lacks: ${id}`)
  }
  return { row, present: isPresent, events, last }
}

/** The events of each machine in order of time, equal times as in the file. */
async function readEvents(file: string, resources: CsvResources): Promise<Map<string, EventRow[]>> {
  const eventsOf = new Map<string, EventRow[]>()
  await readTable(file, { required: ['time_s', 'event', 'id'], known: isKnown(EVENT_COLUMNS) }, (cell, place) => {
    const kind = MACHINE_EVENTS.find((known) => known === cell('event'))
    if (kind === undefined) throw wrongAt(place, `unknown machine event: ${cell('event')} (have ${MACHINE_EVENTS.join(', ')})`)
    const isSilent = resources.every(({ name }) => cell(columnOf(name)) === '')
    const rows = eventsOf.get(cell('id')) ?? []
    rows.push({
      time: readSeconds(cell('time_s'), 'time_s', place),
      kind,
      capacity: isSilent ? null : readAmounts(cell, resources, 'capacity', place),
      line: place.line,
    })
    eventsOf.set(cell('id'), rows)
  })
  for (const rows of eventsOf.values())
    rows.sort((a, b) => a.time - b.time || MACHINE_EVENTS.indexOf(a.kind) - MACHINE_EVENTS.indexOf(b.kind))
  return eventsOf
}
