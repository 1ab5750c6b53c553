import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { check, decisionObserver, Simulation } from '../../sim/index.ts'
import { plainSimulation, type Room } from './plain-simulation.ts'
import { options } from './policies-for-tests.ts'
import { type SmallCell, type SmallTask, smallTrace } from './small-trace.ts'

/** Every decision as a line, checked after every event. */
function decided(cell: SmallCell, packing: string, preemption: 'none' | 'borg'): string[] {
  const log: string[] = []
  const simulation = new Simulation(smallTrace(cell), options(packing, { preemption }), (run) => [
    decisionObserver(run, (decision) => {
      if (decision.kind === 'place') log.push(`${decision.time} place ${decision.run} on ${decision.machine}`)
      if (decision.kind === 'evict') log.push(`${decision.time} evict ${decision.run} from ${decision.machine}`)
      if (decision.kind === 'end') log.push(`${decision.time} end ${decision.run} on ${decision.machine}`)
      if (decision.kind === 'never-placeable') log.push(`${decision.time} never-placeable ${decision.run}`)
    }),
    check(run),
  ])
  while (simulation.step());
  return log
}

const bestFitPlainly = (task: SmallTask, room: Room) => {
  let sum = (room.cpu - task.cpu) / room.cpuWhole
  sum += (room.memory - task.memory) / room.memoryWhole
  if (room.gpuWhole > 0) sum += (room.gpu - (task.devices ?? 0) * (task.milli ?? 1000)) / room.gpuWhole
  return -sum
}

const machine = fc.record({
  cpu: fc.integer({ min: 2, max: 6 }),
  memory: fc.integer({ min: 2, max: 6 }),
  devices: fc.constantFrom(0, 0, 1, 3),
  model: fc.constantFrom('a', 'b'),
  absent: fc.constantFrom(false, false, false, true),
})
const task = fc.record({
  cpu: fc.integer({ min: 0, max: 4 }),
  memory: fc.integer({ min: 0, max: 4 }),
  devices: fc.constantFrom(0, 0, 0, 1, 1, 2),
  milli: fc.constant(1000),
  models: fc.constantFrom([], [], ['a']),
  priority: fc.integer({ min: 0, max: 4 }),
  job: fc.integer({ min: 0, max: 3 }),
  apart: fc.constantFrom(false, false, true),
  at: fc.integer({ min: 0, max: 12 }),
  run: fc.constantFrom(0, 1, 2, 3, 5, 8, 30),
  again: fc.constantFrom(
    [],
    [],
    [{ gap: 0, run: 2 }],
    [
      { gap: 3, run: 1 },
      { gap: 1, run: 4 },
    ],
  ),
})
const share = fc.constantFrom(1000, 1000, 300, 500)
const cellOf = fc
  .record({
    machines: fc.array(machine, { minLength: 1, maxLength: 5 }),
    tasks: fc.array(fc.tuple(task, share, fc.option(fc.integer({ min: -1, max: 4 }), { freq: 6 })), { minLength: 1, maxLength: 25 }),
    events: fc.array(
      fc.record({
        at: fc.integer({ min: 0, max: 20 }),
        kind: fc.constantFrom('remove', 'add', 'update' as const),
        machine: fc.nat(4),
        cpu: fc.integer({ min: 1, max: 6 }),
        memory: fc.integer({ min: 1, max: 6 }),
      }),
      { maxLength: 5 },
    ),
  })
  .map(
    ({ machines, tasks, events }): SmallCell => ({
      machines,
      // Devices are shared only by tasks of one device, and tiers follow priority as in Borg.
      tasks: tasks.map(([spec, milli, preplaced]) => ({
        ...spec,
        milli: spec.devices === 1 ? milli : 1000,
        tier: ['free', 'batch', 'production', 'production', 'monitoring'][spec.priority],
        ...(preplaced === null ? {} : { preplaced: preplaced < machines.length ? preplaced : -1 }),
      })),
      events: events.filter((event) => event.machine < machines.length).map((event) => ({ ...event, kind: event.kind as 'add' })),
      end: 60,
    }),
  )

for (const preemption of ['none', 'borg'] as const) {
  test(`every decision is that of the plain simulation, preemption ${preemption}`, () => {
    fc.assert(
      fc.property(cellOf, (cell) => {
        assert.deepEqual(decided(cell, 'best-fit', preemption), plainSimulation(cell, bestFitPlainly, preemption === 'borg'))
      }),
      { numRuns: 3000, seed: 9 },
    )
  })
}
