import { InputError, type MachineEventTable, type MachineTable, type MachineTraits, NONE, randomStream, type Trace } from '../sim/index.ts'

/** A share of all machines ever seen (0.4 is 40%), or a number of them. */
export type CellSize = { readonly share: number } | { readonly count: number }

/**
 * The trace on a random subset, by seed, of all machines it ever saw; for more than all, every machine as often as it goes,
 * and a subset for the rest. Clones come and go with their original; their ids end in `#2`, `#3`, …. Tasks that were on
 * a machine that is left out have none: they queue at the opening. Throws InputError for a size below one machine.
 */
export function resizeCell(trace: Trace, size: CellSize, seed: number): Trace {
  const { machines, machineEvents, runs, recorded } = trace
  const count = 'count' in size ? size.count : Math.round(size.share * machines.count)
  if (!Number.isSafeInteger(count) || count < 1) {
    const given = 'count' in size ? `${size.count}` : `${size.share * 100}%`
    throw new InputError(`machines: ${given} of ${machines.count} (a share above 0%, or a whole number from 1, would do)`)
  }
  if (machines.count === 0) throw new InputError(`${trace.name}: no machines to choose from`)
  const chosen = choose(machines.count, count, seed)
  const firstOf = new Int32Array(machines.count).fill(NONE)
  for (let row = chosen.length - 1; row >= 0; row--) firstOf[chosen[row]] = row
  const moved = (machine: Int32Array) => machine.map((row) => (row === NONE ? NONE : firstOf[row]))

  return {
    ...trace,
    machines: pickMachines(machines, chosen),
    machineEvents: pickEvents(machineEvents, chosen, machines.count),
    runs: { ...runs, machine: moved(runs.machine) },
    recorded: { ...recorded, machine: moved(recorded.machine) },
    counts: { ...trace.counts, machines: count },
  }
}

/** Rows of the old table, those of each round in ascending order. */
function choose(all: number, count: number, seed: number): Int32Array {
  const random = randomStream(seed, 'machines')
  const rows = Int32Array.from({ length: all }, (_, row) => row)
  const chosen = new Int32Array(count)
  const rest = count % all
  for (let row = 0; row < count - rest; row++) chosen[row] = row % all
  for (let row = 0; row < rest; row++) {
    const other = row + Math.floor(random() * (all - row))
    const swapped = rows[row]
    rows[row] = rows[other]
    rows[other] = swapped
  }
  chosen.set(rows.subarray(0, rest).sort(), count - rest)
  return chosen
}

function pickMachines(machines: MachineTable, chosen: Int32Array): MachineTable {
  const { count, traits } = machines
  const id = Array.from(chosen, (row, at) => (at < count ? machines.id[row] : `${machines.id[row]}#${Math.floor(at / count) + 1}`))
  return {
    count: chosen.length,
    id,
    capacity: machines.capacity.map((column) => Float64Array.from(chosen, (row) => column[row])),
    devices: Uint8Array.from(chosen, (row) => machines.devices[row]),
    model: chosen.map((row) => machines.model[row]),
    present: Uint8Array.from(chosen, (row) => machines.present[row]),
    traits: traits && Array.from(chosen, (row, at) => renamed(traits[row], machines.id[row], id[at])),
  }
}

/** A clone's labels with its own id where they held the original's, so that each is a domain of its own. */
function renamed(traits: MachineTraits, from: string, to: string): MachineTraits {
  if (from === to) return traits
  return { ...traits, labels: Object.fromEntries(Object.entries(traits.labels).map(([key, value]) => [key, value === from ? to : value])) }
}

/** Events stay in order; those of clones follow their original's at once. */
function pickEvents(events: MachineEventTable, chosen: Int32Array, all: number): MachineEventTable {
  const rowsOf: number[][] = Array.from({ length: all }, () => [])
  for (const [row, machine] of chosen.entries()) rowsOf[machine].push(row)
  const from: number[] = []
  const machine: number[] = []
  for (let event = 0; event < events.count; event++) {
    for (const row of rowsOf[events.machine[event]]) {
      from.push(event)
      machine.push(row)
    }
  }
  return {
    count: from.length,
    time: Float64Array.from(from, (event) => events.time[event]),
    kind: Uint8Array.from(from, (event) => events.kind[event]),
    machine: Int32Array.from(machine),
    capacity: events.capacity.map((column) => Float64Array.from(from, (event) => column[event])),
  }
}
