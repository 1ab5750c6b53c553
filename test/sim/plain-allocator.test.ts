import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { overcommitPolicies, packingPolicies, parsePacking, parsePolicy } from '../../policies/index.ts'
import { Allocator, Cell, NONE, type PackingPolicy, PlainAllocator, randomStream, TIES } from '../../sim/index.ts'
import { type SmallEvent, type SmallTask, smallTrace } from './small-trace.ts'

/** `PROPERTY_CASES=10000 node --test test/sim/plain-allocator.test.ts` tries as many cells as that for every policy and tie-break together. */
const CASES = Number(process.env.PROPERTY_CASES ?? 300)

const task: fc.Arbitrary<SmallTask> = fc.record({
  cpu: fc.nat(4),
  memory: fc.nat(4),
  devices: fc.constantFrom(0, 0, 0, 1, 1, 2),
  milli: fc.constantFrom(250, 500, 1000),
  models: fc.constantFrom([], [], ['T4'], ['V100', 'T4']),
  priority: fc.nat(2),
  job: fc.nat(2),
  apart: fc.constantFrom(false, false, true),
  tier: fc.constantFrom('free', 'batch', 'production'),
})
const machine = fc.record({
  cpu: fc.constantFrom(0, 4, 8, 9),
  memory: fc.constantFrom(0, 4, 8),
  devices: fc.constantFrom(0, 0, 2, 4),
  model: fc.constantFrom('T4', 'V100'),
  absent: fc.constantFrom(false, false, false, true),
})
const event: fc.Arbitrary<SmallEvent> = fc.record({
  at: fc.constant(1),
  kind: fc.constant('update' as const),
  machine: fc.nat(1000),
  cpu: fc.nat(9),
  memory: fc.nat(9),
})
const WHAT = ['place', 'place', 'place', 'crowd', 'release', 'release', 'evict', 'remove', 'add', 'resize', 'ask'] as const
const deed = fc.record({ what: fc.constantFrom(...WHAT), which: fc.nat(1000), also: fc.nat(1000) })

const SUMS = ['fgd:0.9+power:0.1', 'best-fit+fgd-best-fit:0.01', 'dot-product:2+random']

const setup = fc.record({
  machines: fc.array(machine, { minLength: 1, maxLength: 40 }),
  /** So many copies of the first machine, so that many are alike. */
  copies: fc.constantFrom(0, 0, 3, 60),
  tasks: fc.array(task, { minLength: 1, maxLength: 8 }),
  events: fc.array(event, { maxLength: 3 }),
  deeds: fc.array(deed, { maxLength: 80 }),
  packing: fc.constantFrom(...Object.keys(packingPolicies), ...SUMS),
  tie: fc.constantFrom(...TIES),
  overcommit: fc.constantFrom('none', 'none', 'fixed-ratio:phi=0.6'),
  scoreStep: fc.constantFrom(0, 0, 0, 0.1),
  seed: fc.nat(50),
})

test(`every choice is that of a scan over all machines: every policy, tie-break and price, ${CASES} cases`, () => {
  fc.assert(
    fc.property(setup, ({ machines, copies, tasks, events, deeds, packing, tie, overcommit, scoreStep, seed }) => {
      // Some policies are for cells with GPUs only.
      const all = [
        { cpu: 4, memory: 4, devices: 2, model: 'T4', absent: false },
        ...machines,
        ...Array.from({ length: copies }, () => machines[0]),
      ]
      const trace = smallTrace({ machines: all, tasks, events: events.map((one) => ({ ...one, machine: one.machine % all.length })) })
      const over = parsePolicy('overcommit', overcommitPolicies, overcommit)
      const cell = new Cell(trace, over.policy, over.parameters)
      const { policy, parameters } = parsePacking(packing)
      const options = { tie, seed, scoreStep }
      const quick = new Allocator(cell, policy, parameters, options)
      const plain = new PlainAllocator(cell, policy, parameters, options)
      const placed: number[] = []
      const put = (run: number, machineRow: number) => {
        const taskClass = trace.runs.class[run]
        const row = cell.tasks.add(run, taskClass, trace.tasks.job[trace.runs.task[run]], 0)
        cell.place(row, machineRow, quick.devices(taskClass, machineRow))
        placed.push(row)
      }
      const takeOff = (at: number) => {
        const [row] = placed.splice(at, 1)
        cell.release(row)
        cell.tasks.remove(row)
      }
      for (const { what, which, also } of deeds) {
        const run = which % tasks.length
        const taskClass = trace.runs.class[run]
        const machineRow = also % all.length
        quick.freshen(also % 5)
        if (what === 'release' && placed.length > 0) takeOff(which % placed.length)
        else if (what === 'evict' && cell.firstTask[machineRow] !== NONE) takeOff(placed.indexOf(cell.firstTask[machineRow]))
        else if (what === 'remove' && cell.firstTask[machineRow] === NONE) cell.remove(machineRow)
        else if (what === 'add') cell.add(machineRow)
        else if (what === 'resize' && events.length > 0)
          cell.resize(trace.machineEvents.machine[which % events.length], which % events.length)
        else if (what === 'crowd' && cell.present[machineRow] && tasks[run].devices === 0) put(run, machineRow)
        else {
          const choice = quick.choose(taskClass)
          assert.equal(choice, plain.choose(taskClass))
          if (what === 'place' && choice !== NONE) put(run, choice)
        }
      }
    }),
    { seed: 7, numRuns: CASES },
  )
})

for (const [name, { order }] of Object.entries<PackingPolicy>(packingPolicies)) {
  if (order === 'none') {
    test(`${name} gives every machine the score 0, as it says`, () => {
      forEachScore(name, (score) => assert.equal(score, 0))
    })
  }
  if (order === 'shared') {
    test(`${name} puts machines of one shape in the same order for every class, as it says`, () => {
      const byShape = new Map<string, { key: number; scores: Map<number, number> }[]>()
      forEachScore(name, (score, taskClass, machineRow, cell) => {
        const shape = `${cell.capacity.map((column) => column[machineRow])}/${cell.trace.machines.devices[machineRow]}/${cell.trace.machines.model[machineRow]}`
        const rows = byShape.get(shape) ?? []
        byShape.set(shape, rows)
        rows[machineRow] ??= { key: 0, scores: new Map() }
        rows[machineRow].scores.set(taskClass, score)
      })
      for (const rows of byShape.values()) {
        const there = Object.values(rows)
        for (const one of there) {
          for (const other of there) {
            for (const [taskClass, score] of one.scores) {
              // The difference of two machines is the same for every class.
              const difference = score - (other.scores.get(taskClass) ?? 0)
              const byFirst = (one.scores.get(0) ?? 0) - (other.scores.get(0) ?? 0)
              assert.ok(Math.abs(difference - byFirst) < 2 ** -27, `class ${taskClass}: ${difference}, class 0: ${byFirst}`)
            }
          }
        }
      }
    })
  }
}

/** Every score on a cell of a few shapes, filled at random, by classes of all sizes. */
function forEachScore(name: string, tell: (score: number, taskClass: number, machine: number, cell: Cell) => void): void {
  const draw = randomStream(3, 'scores')
  const whole = (most: number) => Math.floor(draw() * (most + 1))
  const tasks = Array.from({ length: 60 }, () => ({ cpu: whole(3e6), memory: whole(7e5), devices: whole(1) }))
  const machines = Array.from({ length: 60 }, (_, m) => ({ cpu: 97_000_003, memory: 204_800 * (1 + (m % 3)), devices: m % 2 }))
  const trace = smallTrace({ machines, tasks })
  const cell = new Cell(trace, overcommitPolicies.none, {})
  const { policy, parameters } = parsePolicy<PackingPolicy>('packing', packingPolicies, name)
  const { score } = policy.create(cell.view(0, randomStream(1, 'policy')), parameters)
  for (let i = 0; i < 600; i++) {
    const taskClass = trace.runs.class[whole(tasks.length - 1)]
    const machineRow = whole(machines.length - 1)
    if (cell.fits(taskClass, machineRow) || draw() < 0.1)
      cell.place(
        cell.tasks.add(0, taskClass, 0, 0),
        machineRow,
        cell.fits(taskClass, machineRow) ? cell.pickDevices(taskClass, machineRow) : 0,
      )
  }
  for (let taskClass = 0; taskClass < trace.classes.count; taskClass++)
    for (let m = 0; m < machines.length; m++) tell(score(taskClass, m), taskClass, m, cell)
}
