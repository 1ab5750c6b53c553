import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { machinesNeeded, peakSet } from '../../experiments/index.ts'
import { randomStream, shuffledRows, type Trace } from '../../sim/index.ts'
import { options } from '../sim/policies-for-tests.ts'
import { type SmallCell, type SmallMachine, type SmallTask, smallTrace } from '../sim/small-trace.ts'

interface Open {
  cpu: number
  memory: number
  readonly whole: SmallMachine
  readonly jobs: Set<number>
}

/** Whether the runs, in this order, all find room on these machines, packed as plainly as can be. */
function fitsPlainly(cell: SmallCell, trace: Trace, machines: readonly number[], runs: readonly number[], packing: string): boolean {
  const open = machines.map((m): Open => ({ ...cell.machines[m], whole: cell.machines[m], jobs: new Set() }))
  for (const run of runs) {
    const { cpu, memory, apart, job = -1 } = cell.tasks[trace.runs.task[run]]
    const left = ({ whole, ...free }: Open) =>
      (whole.cpu > 0 ? (free.cpu - cpu) / whole.cpu : 0) + (whole.memory > 0 ? (free.memory - memory) / whole.memory : 0)
    const roomy = open.filter((one) => one.cpu >= cpu && one.memory >= memory && !(apart && one.jobs.has(job)))
    if (roomy.length === 0) return false
    const chosen = packing === 'first-fit' ? roomy[0] : roomy.reduce((best, one) => (left(one) < left(best) ? one : best))
    chosen.cpu -= cpu
    chosen.memory -= memory
    if (apart) chosen.jobs.add(job)
  }
  return true
}

function orderOf(count: number, seed: number, copies: number): number[] {
  const draw = randomStream(seed, 'permutation')
  return Array.from({ length: copies }, () => [...shuffledRows(count, draw)]).flat()
}

const machine: fc.Arbitrary<SmallMachine> = fc.record({ cpu: fc.integer({ min: 1, max: 8 }), memory: fc.integer({ min: 1, max: 8 }) })
const task: fc.Arbitrary<SmallTask> = fc.record({
  cpu: fc.nat(4),
  memory: fc.nat(4),
  priority: fc.nat(2),
  job: fc.nat(3),
  apart: fc.constantFrom(false, false, true),
  at: fc.nat(3),
  run: fc.integer({ min: 2, max: 5 }),
})

for (const packing of ['first-fit', 'best-fit']) {
  test(`with ${packing} so many machines fit the set, and one fewer does not, says a packer of its own`, () => {
    let fitted = 0
    fc.assert(
      fc.property(
        fc.array(machine, { minLength: 1, maxLength: 9 }),
        fc.array(task, { minLength: 1, maxLength: 16 }),
        fc.nat(20),
        fc.integer({ min: 1, max: 2 }),
        (machines, tasks, seed, copies) => {
          const cell = { machines, tasks, end: 20 }
          const trace = smallTrace(cell)
          const found = machinesNeeded(trace, options(packing), seed, { copies, picky: 0 })
          const order = orderOf(machines.length, seed, copies)
          const fitsSome = (run: number) => {
            const { cpu, memory } = tasks[trace.runs.task[run]]
            return machines.some((one) => one.cpu >= cpu && one.memory >= memory)
          }
          const set = [...peakSet(trace)].filter(fitsSome)
          const fits = (k: number) => fitsPlainly(cell, trace, order.slice(0, k), set, packing)
          assert.equal(found.tasks, set.length)
          if (found.machines === null) assert.equal(fits(order.length), false)
          else {
            assert.ok(fits(found.machines))
            assert.ok(found.machines === 0 || !fits(found.machines - 1))
            for (const bound of Object.values(found.lowerBound)) assert.ok(bound <= found.machines)
            fitted++
          }
        },
      ),
      { seed: 7, numRuns: 400 },
    )
    assert.ok(fitted > 100)
  })
}

const eight = Array.from({ length: 8 }, () => ({ cpu: 4, memory: 8 }))

test('six tasks of 2 CPUs need three machines of 4, as many as the lower bound says', () => {
  const trace = smallTrace({ machines: eight, tasks: Array.from({ length: 6 }, () => ({ cpu: 2, memory: 1 })), end: 10 })
  assert.deepEqual(machinesNeeded(trace, options('best-fit'), 1), { seed: 1, machines: 3, lowerBound: { cpu: 3, memory: 1 }, tasks: 6 })
})

test('three tasks of 3 CPUs need three machines of 4, though two and a quarter would have the capacity', () => {
  const trace = smallTrace({ machines: eight, tasks: Array.from({ length: 3 }, () => ({ cpu: 3, memory: 1 })), end: 10 })
  assert.deepEqual(machinesNeeded(trace, options('best-fit'), 1), { seed: 1, machines: 3, lowerBound: { cpu: 3, memory: 1 }, tasks: 3 })
})

test('what does not fit the whole cell has no number; copies of the cell may be drawn on', () => {
  const machines = eight.slice(0, 2)
  const trace = smallTrace({ machines, tasks: Array.from({ length: 3 }, () => ({ cpu: 3, memory: 1 })), end: 10 })
  assert.equal(machinesNeeded(trace, options('best-fit'), 1).machines, null)
  assert.equal(machinesNeeded(trace, options('best-fit'), 1, { copies: 2, picky: 0 }).machines, 3)
})

test('a task that fits no machine is left out of the set', () => {
  const tasks = [
    { cpu: 5, memory: 1 },
    { cpu: 4, memory: 1 },
  ]
  const { machines, tasks: count } = machinesNeeded(smallTrace({ machines: eight, tasks, end: 10 }), options('best-fit'), 1)
  assert.deepEqual([machines, count], [1, 1])
  assert.equal(machinesNeeded(smallTrace({ machines: eight, tasks: [tasks[0]], end: 10 }), options('best-fit'), 1).machines, 0)
})

test('tasks that ask for nothing need one machine', () => {
  const trace = smallTrace({ machines: eight, tasks: [{ cpu: 0, memory: 0 }], end: 10 })
  assert.deepEqual(machinesNeeded(trace, options('best-fit'), 1), { seed: 1, machines: 1, lowerBound: { cpu: 0, memory: 0 }, tasks: 1 })
})

test('a share of the set may find no room where that is allowed', () => {
  const trace = smallTrace({ machines: eight, tasks: Array.from({ length: 4 }, () => ({ cpu: 3, memory: 1 })), end: 10 })
  const neededWith = (picky: number) => machinesNeeded(trace, options('best-fit'), 1, { copies: 1, picky }).machines
  assert.deepEqual([neededWith(0), neededWith(0.2), neededWith(0.25), neededWith(0.5)], [4, 4, 3, 2])
})

test('with overcommitment fewer machines than the lower bound may do', () => {
  const tasks = Array.from({ length: 8 }, () => ({ cpu: 2, memory: 1 }))
  const trace = smallTrace({ machines: eight, tasks, end: 10 })
  const half = options('first-fit', {}, { overcommit: 'fixed-ratio:phi=0.5' })
  // Three to a machine: needs 1, 2 and 3 of 4 leave too little for a fourth.
  const { machines, lowerBound } = machinesNeeded(trace, half, 1)
  assert.deepEqual([machines, lowerBound.cpu], [3, 4])
})

test('machines that only join later count as all do, and the same seed draws the same order for every policy', () => {
  const machines = [{ cpu: 1, memory: 1 }, ...eight.slice(0, 3).map((one) => ({ ...one, absent: true }))]
  const trace = smallTrace({ machines, tasks: [{ cpu: 4, memory: 1 }], end: 10 })
  for (const seed of [1, 2, 3, 4, 5]) {
    const first = orderOf(4, seed, 1).findIndex((m) => m !== 0) + 1
    for (const packing of ['best-fit', 'worst-fit']) assert.equal(machinesNeeded(trace, options(packing), seed).machines, first)
  }
})

test('a machine counts as it is at the opening, so what only fits once it has grown is left out', () => {
  const trace = smallTrace({
    machines: [
      { cpu: 10, memory: 10 },
      { cpu: 10, memory: 10 },
    ],
    tasks: [
      { cpu: 15, memory: 1 },
      { cpu: 5, memory: 1 },
    ],
    events: [{ at: 50, kind: 'update', machine: 0, cpu: 20 }],
    end: 100,
  })
  const { machines, tasks } = machinesNeeded(trace, options('first-fit'), 1)
  assert.deepEqual([machines, tasks], [1, 1])
})
