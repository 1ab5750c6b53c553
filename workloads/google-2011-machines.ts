import type { TraceBuilder } from '../sim/index.ts'
import type { CountBy } from './count-by.ts'
import { readTime } from './google-2011-time.ts'
import { wrongAt } from './place.ts'
import { readLines } from './read-lines.ts'
import { readAmount, readInteger, readWithin } from './read-number.ts'

/** The whole machine table: small (37,780 rows in all), so kept as objects. */
export interface MachineRows {
  readonly read: number
  /** A machine's row by its id in the trace, in order of first appearance. */
  readonly row: ReadonlyMap<string, number>
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

/** Reads `machine_events`: time, machine, event type, platform, CPUs, memory. Sorted by (time, file, line). */
export async function readMachineRows(files: readonly string[]): Promise<MachineRows> {
  const row = new Map<string, number>()
  const rows: MachineChange[] = []
  for (const file of files) {
    await readLines(file, (line, place) => {
      const cells = line.split(',')
      if (cells.length < 6) throw wrongAt(place, `too few columns: ${cells.length} (a machine row has 6)`)
      const [time, id, kind, , cpu, memory] = cells
      readInteger(id, 'machine', place)
      const known = row.get(id) ?? row.size
      row.set(id, known)
      rows.push({
        time: readTime(time, place),
        machine: known,
        kind: readWithin(kind, 'machine event type', place, { least: ADD, most: UPDATE }),
        capacity:
          cpu === '' || memory === ''
            ? null
            : [Math.round(readAmount(cpu, 'CPU capacity', place) * 1e9), Math.round(readAmount(memory, 'memory capacity', place) * 1e9), 0],
      })
    })
  }
  return { read: rows.length, row, rows: rows.sort((a, b) => a.time - b.time) }
}

/**
 * Adds every machine ever seen, and what happens to it within the window; tells which are there at the opening, as 1.
 * Rows before the window make the cell of the opening; rows that change nothing, and those after it, are counted out.
 * A row without capacity keeps what the machine had; one that never had any has none, and is counted out.
 */
export function addMachines(
  builder: TraceBuilder,
  { row, rows }: MachineRows,
  window: { readonly start: number; readonly end: number },
  skipped: CountBy,
): Uint8Array {
  const capacity: (readonly number[] | null)[] = new Array(row.size).fill(null)
  const present = new Uint8Array(row.size)
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
  for (const [id, machine] of row) builder.machine({ id, capacity: first[machine] ?? [0, 0, 0], present: present[machine] === 1 })
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
