import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Allocator, Cell, NONE, type Trace } from '../../sim/index.ts'
import { options } from './policies-for-tests.ts'
import { type SmallTask, smallTrace } from './small-trace.ts'

function cellOf(machines: number, tasks: readonly SmallTask[], overcommit: string): Cell<Trace> {
  const trace = smallTrace({
    machines: Array.from({ length: machines }, (_, m) => ({ cpu: 4 + (m % 3), memory: 4, devices: m % 3 })),
    tasks,
  })
  const { policy, parameters } = options('best-fit', {}, { overcommit }).overcommit
  return new Cell(trace, policy, parameters)
}

function allocatorOf(cell: Cell, packing: string): Allocator {
  const { policy, parameters } = options(packing).packing
  return new Allocator(cell, policy, parameters, { tie: 'lowest-id', seed: 1, scoreStep: 0 })
}

const task: fc.Arbitrary<SmallTask> = fc.record({
  cpu: fc.nat(3),
  memory: fc.nat(3),
  devices: fc.constantFrom(0, 0, 1, 2),
  job: fc.nat(1),
  apart: fc.boolean(),
  tier: fc.constantFrom('batch', 'production'),
})
const deed = fc.record({ what: fc.constantFrom('place', 'place', 'release', 'remove', 'add' as const), which: fc.nat(1000) })

for (const [packing, overcommit] of [
  ['best-fit', 'none'],
  ['e-pvm', 'fixed-ratio:phi=0.6'],
]) {
  test(`kept scores never change a choice: ${packing}, overcommit ${overcommit}`, () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 9 }),
        fc.array(task, { minLength: 1, maxLength: 8 }),
        fc.array(deed, { maxLength: 60 }),
        (machines, tasks, deeds) => {
          const cell = cellOf(machines, tasks, overcommit)
          const keeping = allocatorOf(cell, packing)
          const placed: number[] = []
          for (const { what, which } of deeds) {
            const machine = which % machines
            const run = which % tasks.length
            const taskClass = cell.trace.runs.class[run]
            const choice = keeping.choose(taskClass)
            assert.equal(choice, allocatorOf(cell, packing).choose(taskClass))
            if (what === 'place' && choice !== NONE) {
              const row = cell.tasks.add(run, taskClass, tasks[run].job ?? 0, 0)
              cell.place(row, choice, keeping.devices(taskClass, choice))
              placed.push(row)
            } else if (what === 'release' && placed.length > 0) {
              const [row] = placed.splice(which % placed.length, 1)
              cell.release(row)
              cell.tasks.remove(row)
            } else if (what === 'remove' && cell.firstTask[machine] === NONE) cell.remove(machine)
            else if (what === 'add') cell.add(machine)
          }
        },
      ),
      { seed: 5, numRuns: 300 },
    )
  })
}

test('more classes than are kept are still told apart', () => {
  const cell = cellOf(
    3,
    Array.from({ length: 300 }, (_, i) => ({ cpu: 1, memory: 1, priority: i })),
    'none',
  )
  const allocator = allocatorOf(cell, 'best-fit')
  for (let taskClass = 0; taskClass < 300; taskClass++) assert.equal(allocator.choose(taskClass), 0)
  cell.remove(0)
  for (let taskClass = 0; taskClass < 300; taskClass++) assert.equal(allocator.choose(taskClass), 1)
})

for (const packing of ['first-fit', 'best-fit', 'dot-product']) {
  test(`more changes than are remembered are still noticed: ${packing}`, () => {
    const cell = cellOf(8194, [{ cpu: 1, memory: 1 }], 'none')
    const allocator = allocatorOf(cell, packing)
    const first = allocator.choose(0)
    cell.remove(first)
    for (let i = 0; i < cell.changesKept + 2; i++) {
      if (i % 2 === 0) cell.remove(8193)
      else cell.add(8193)
    }
    assert.notEqual(allocator.choose(0), first)
    cell.add(first)
    assert.equal(allocator.choose(0), first)
  })
}
