import type { TraceBuilder } from '../sim/index.ts'
import { ByteNames } from './byte-names.ts'
import type { CountBy } from './count-by.ts'
import { readTime } from './google-2011-time.ts'
import { wrongAt } from './place.ts'
import { readFields } from './read-fields.ts'
import { readAmount } from './read-number.ts'

/** The whole machine table: small (37,780 rows in all), so kept as objects. */
export interface MachineRows {
  readonly read: number
  /** Their ids in the trace, in order of first appearance. */
  readonly names: ByteNames
  readonly rows: readonly MachineChange[]
}

interface MachineChange {
  readonly time: number
  readonly machine: number
  readonly kind: number
  /** Null where the row states no capacity. */
  readonly capacity: readonly number[] | null
}

const ADD = 0
const REMOVE = 1
const UPDATE = 2
const KINDS = { least: ADD, most: UPDATE }

/** Reads `machine_events`: time, machine, event type, platform, CPUs, memory. Sorted by (time, file, line). */
export async function readMachineRows(files: readonly string[]): Promise<MachineRows> {
  const names = new ByteNames()
  const rows: MachineChange[] = []
  for (const file of files) {
    await readFields(file, (fields, place) => {
      if (fields.count < 6) throw wrongAt(place, `too few columns: ${fields.count} (a machine row has 6)`)
      fields.integer(1, 'machine', place)
      const capacity = (field: number, what: string) => Math.round(readAmount(fields.text(field), what, place) * 1e9)
      rows.push({
        time: readTime(fields, place),
        machine: fields.name(names, 1),
        kind: fields.within(2, 'machine event type', place, KINDS),
        capacity:
          fields.length(4) === 0 || fields.length(5) === 0 ? null : [capacity(4, 'CPU capacity'), capacity(5, 'memory capacity'), 0],
      })
    })
  }
  return { read: rows.length, names, rows: rows.sort((a, b) => a.time - b.time) }
}

/**
 * Adds every machine ever seen, and what happens to it within the window; tells which are there at the opening, as 1.
 * Rows before the window make the cell of the opening; rows that change nothing, and those after it, are counted out.
 * A row without capacity keeps what the machine had; one that never had any has none, and is counted out.
 */
export function addMachines(
  builder: TraceBuilder,
  { names, rows }: MachineRows,
  window: { readonly start: number; readonly end: number },
  skipped: CountBy,
): Uint8Array {
  const capacity: (readonly number[] | null)[] = new Array(names.count).fill(null)
  const present = new Uint8Array(names.count)
  const isBefore = (change: MachineChange) => change.time === 0 || change.time < window.start
  for (const change of rows) {
    if (!isBefore(change)) continue
    capacity[change.machine] = change.capacity ?? capacity[change.machine]
    if (change.kind === UPDATE) continue
    if (change.kind === ADD && capacity[change.machine] === null) skipped.add('machine row without capacity')
    else present[change.machine] = change.kind === ADD ? 1 : 0
  }
  const first = [...capacity]
  for (const change of rows) first[change.machine] ??= change.capacity
  for (let machine = 0; machine < names.count; machine++)
    builder.machine({ id: names.text(machine), capacity: first[machine] ?? [0, 0, 0], present: present[machine] === 1 })
  const opening = present.slice()

  for (const change of rows) {
    const { time, machine, kind } = change
    if (isBefore(change)) continue
    if (time > window.end) {
      skipped.add('machine row after the window')
      continue
    }
    const had = capacity[machine]
    const has = change.capacity ?? had
    if (has === null) {
      skipped.add('machine row without capacity')
      continue
    }
    capacity[machine] = has
    const changes = had === null || has.some((amount, r) => amount !== had[r])
    if (kind === ADD && present[machine] === 0) builder.machineEvent(time, 'add', machine, has)
    else if (kind === REMOVE && present[machine] === 1) builder.machineEvent(time, 'remove', machine, has)
    else if (kind !== REMOVE && present[machine] === 1 && changes) builder.machineEvent(time, 'update', machine, has)
    else skipped.add('machine row that changes nothing')
    if (kind !== UPDATE) present[machine] = kind === ADD ? 1 : 0
  }
  return opening
}
