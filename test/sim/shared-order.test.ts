import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { overcommitPolicies, parsePacking } from '../../policies/index.ts'
import { Allocator, Cell, NONE, PlainAllocator, randomStream } from '../../sim/index.ts'
import { smallTrace } from './small-trace.ts'

/**
 * Cells so large and walks so long that machines are settled again and again, some with so few amounts that many are equally good,
 * some with so many that no two machines stay alike.
 */
const setup = fc.record({
  machines: fc.integer({ min: 70, max: 300 }),
  shapes: fc.array(fc.record({ cpu: fc.constantFrom(4, 8), memory: fc.constantFrom(4, 8) }), { minLength: 1, maxLength: 3 }),
  tasks: fc.array(fc.record({ cpu: fc.nat(3), memory: fc.nat(3), apart: fc.constantFrom(false, false, true), job: fc.nat(2) }), {
    minLength: 1,
    maxLength: 12,
  }),
  grain: fc.constantFrom(1, 1, 50),
  packing: fc.constantFrom('best-fit', 'best-fit', 'worst-fit', 'first-fit'),
  tie: fc.constantFrom('lowest-id' as const, 'seeded-order' as const),
  /** How many in a thousand steps ask for the class before, and how many take a task off. */
  again: fc.constantFrom(0, 500, 900),
  leave: fc.constantFrom(100, 450),
  unsettled: fc.constantFrom(0, 4, 32, 32),
  listed: fc.constantFrom(0, 1, 16, 16),
  seed: fc.nat(1000),
})

test('over long walks every choice is that of a scan, whichever machines changed lately', () => {
  fc.assert(
    fc.property(setup, ({ machines, shapes, tasks, grain, packing, tie, again, leave, unsettled, listed, seed }) => {
      const draw = randomStream(seed, 'walk')
      const below = (count: number) => Math.floor(draw() * count)
      const asked = grain === 1 ? tasks : Array.from({ length: 10 }, () => tasks).flat()
      const trace = smallTrace({
        machines: Array.from({ length: machines }, () => {
          const { cpu, memory } = shapes[below(shapes.length)]
          return { cpu: cpu * grain, memory: memory * grain, devices: 0, model: 'T4', absent: false }
        }),
        tasks: asked.map(({ cpu, memory, ...rest }) => ({
          ...rest,
          cpu: cpu * grain + below(grain),
          memory: memory * grain + below(grain),
          devices: 0,
          milli: 1000,
          models: [],
          priority: 0,
          tier: 'free',
        })),
        events: [],
      })
      const cell = new Cell(trace, overcommitPolicies.none, {})
      const { policy, parameters } = parsePacking(packing)
      const options = { tie, seed, scoreStep: 0, unsettled, listed }
      const quick = new Allocator(cell, policy, parameters, options)
      const plain = new PlainAllocator(cell, policy, parameters, options)
      const placed: number[] = []
      let run = 0
      for (let step = 0; step < (grain === 1 ? 600 : 2000); step++) {
        const what = below(1000)
        if (what < leave && placed.length > 0) {
          const [row] = placed.splice(below(placed.length), 1)
          cell.release(row)
          cell.tasks.remove(row)
          continue
        }
        if (what === 999) {
          const machine = below(machines)
          if (cell.present[machine] && cell.firstTask[machine] === NONE) cell.remove(machine)
          else cell.add(machine)
        }
        if (below(1000) >= again) run = below(asked.length)
        const taskClass = trace.runs.class[run]
        const choice = quick.choose(taskClass)
        assert.equal(choice, plain.choose(taskClass))
        if (choice === NONE) continue
        const row = cell.tasks.add(run, taskClass, trace.tasks.job[trace.runs.task[run]], 0)
        cell.place(row, choice, 0)
        placed.push(row)
      }
    }),
    { seed: 11, numRuns: 200 },
  )
})

test('a change is seen, however many followed it and whatever was only tried since', () => {
  const task = { cpu: 1, memory: 1, apart: false, job: 0, devices: 0, milli: 1000, models: [], priority: 0, tier: 'free' }
  const machine = { cpu: 8, memory: 8, devices: 0, model: 'T4', absent: false }
  const trace = smallTrace({ machines: Array.from({ length: 70 }, () => machine), tasks: [task], events: [] })
  const { policy, parameters } = parsePacking('best-fit')
  const { changesKept } = new Cell(trace, overcommitPolicies.none, {})
  for (const kept of [changesKept / 2, changesKept]) {
    for (let more = kept - 20; more <= kept + 2; more += 2) {
      const cell = new Cell(trace, overcommitPolicies.none, {})
      const allocator = new Allocator(cell, policy, parameters, { tie: 'lowest-id', seed: 1, scoreStep: 0 })
      const tryOut = (where: number, times: number) => {
        for (let time = 0; time < times; time++) cell.account(0, where, 0, time % 2 === 0 ? 1 : -1)
      }
      assert.equal(allocator.choose(0), 0)
      cell.account(0, 40, 0, 1)
      tryOut(50, more)
      const { changes } = cell
      tryOut(60, 30)
      // As whoever tries something out leaves it.
      cell.changes = changes
      assert.equal(allocator.choose(0), 40)
    }
  }
})
