import { Allocator, Cell, NONE, Placeable, randomStream, type SimulationOptions, shuffledRows, type Trace } from '../sim/index.ts'
import type { MachinesNeededTrial } from './comparison.ts'
import { peakSet } from './peak-set.ts'

/** The columns of a machine table, in another order or fewer of them. */
function pickMachines(trace: Trace, order: Int32Array): Trace {
  const { machines, machineEvents } = trace
  return {
    ...trace,
    machines: {
      count: order.length,
      id: Array.from(order, (m) => machines.id[m]),
      capacity: machines.capacity.map((column) => Float64Array.from(order, (m) => column[m])),
      devices: Uint8Array.from(order, (m) => machines.devices[m]),
      model: Int32Array.from(order, (m) => machines.model[m]),
      present: new Uint8Array(order.length).fill(1),
      traits: machines.traits && pick(machines.traits, order),
    },
    machineEvents: { ...machineEvents, count: 0 },
  }
}

function pick<T>(rows: readonly T[] | null, order: Int32Array): readonly T[] | null {
  return rows && Array.from(order, (row) => rows[row])
}

/** What Borg allows a cell that is being compacted. */
export interface Allowances {
  /** Copies of the whole cell that the permutation goes on with; 1: the cell itself. */
  readonly copies: number
  /** Share of the set that may find no room (Borg: 0.002). */
  readonly picky: number
}

const NO_ALLOWANCES: Allowances = { copies: 1, picky: 0 }

/**
 * Cell compaction: the peak set packed from scratch into prefixes of one random permutation of all machines ever seen, by
 * bisection to a boundary (k fit, k − 1 do not; fit is not monotone, so it is a boundary, not the only one). Borg (EuroSys
 * 2015, section 5.1) and Verma et al. (CLUSTER 2014). Two of Borg's allowances can be had; softened constraints
 * cannot.
 */
export function machinesNeeded(
  trace: Trace,
  options: SimulationOptions,
  seed: number,
  { copies, picky }: Allowances = NO_ALLOWANCES,
): MachinesNeededTrial {
  const draw = randomStream(seed, 'permutation')
  const permutation = Int32Array.from(Array.from({ length: copies }, () => [...shuffledRows(trace.machines.count, draw)]).flat())
  // Machines count as they are at the opening, or when they first come.
  const opening = { ...trace, machineEvents: { ...trace.machineEvents, count: 0 } }
  const cell = new Cell(opening, options.overcommit.policy, options.overcommit.parameters, options.constraint)
  const placeable = new Placeable(opening, cell)
  const set = peakSet(trace).filter((run) => placeable.canBe(trace.runs.class[run]))
  const lowerBound = lowerBounds(trace, cell, set, permutation)
  const fits = (k: number) => packs(pickMachines(trace, permutation.subarray(0, k)), options, set, Math.floor(picky * set.length))
  const trial = { seed, lowerBound, tasks: set.length }
  if (set.length === 0) return { ...trial, machines: 0 }
  const bound = Math.max(1, ...Object.values(lowerBound))
  // With overcommitment, or tasks left over, fewer machines than the bound may do.
  let tooFew = cell.overcommit || picky > 0 ? 0 : bound - 1
  if (tooFew >= permutation.length) return { ...trial, machines: null }
  // From the bound up in longer and longer steps: most cells need little more, and short prefixes are quick to try.
  let enough = Math.min(bound, permutation.length)
  for (let step = 1 + (bound >> 5); !fits(enough); step *= 2) {
    if (enough === permutation.length) return { ...trial, machines: null }
    tooFew = enough
    enough = Math.min(permutation.length, enough + step)
  }
  while (enough - tooFew > 1) {
    const middle = (tooFew + enough) >> 1
    if (fits(middle)) enough = middle
    else tooFew = middle
  }
  return { ...trial, machines: enough }
}

/** Whether the set, in its order, finds room for every task but `spare` of them. */
function packs(trace: Trace, options: SimulationOptions, set: Int32Array, spare: number): boolean {
  const cell = new Cell(trace, options.overcommit.policy, options.overcommit.parameters, options.constraint)
  const allocator = new Allocator(cell, options.packing.policy, options.packing.parameters, options)
  const { runs, tasks } = trace
  let left = spare
  for (const run of set) {
    const taskClass = runs.class[run]
    const machine = allocator.choose(taskClass)
    if (machine === NONE) {
      if (left-- > 0) continue
      return false
    }
    const task = cell.tasks.add(run, taskClass, tasks.job[runs.task[run]], 0)
    cell.place(task, machine, allocator.devices(taskClass, machine))
  }
  return true
}

/** The shortest prefix with enough capacity for the whole set, by resource; one more than all where none has. */
function lowerBounds(trace: Trace, cell: Cell, set: Int32Array, permutation: Int32Array): Record<string, number> {
  return Object.fromEntries(
    cell.resources.map((name, r) => {
      let wanted = 0
      for (const run of set) wanted += cell.request[r][trace.runs.class[run]]
      let k = 0
      for (; k < permutation.length && wanted > 0; k++) wanted -= trace.machines.capacity[cell.resourceRows[r]][permutation[k]]
      return [name, wanted > 0 ? k + 1 : k]
    }),
  )
}
