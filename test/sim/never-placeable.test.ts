import assert from 'node:assert/strict'
import { test } from 'node:test'
import { simulate } from '../../sim/index.ts'
import { options } from './policies-for-tests.ts'
import { type SmallCell, type SmallTask, smallTrace } from './small-trace.ts'

const machines = [
  { cpu: 8, memory: 2, devices: 2, model: 'a' },
  { cpu: 2, memory: 8 },
  { cpu: 2, memory: 2, devices: 1, model: 'b' },
]

function shortBy(task: SmallTask, over: Partial<SmallCell> = {}): Record<string, number> {
  const { result } = simulate(smallTrace({ machines, tasks: [task], end: 10, ...over }), options('best-fit'))
  assert.equal(result.neverPlaceable, Object.keys(result.neverPlaceableBy).length > 0 ? 1 : 0)
  assert.equal(result.pending, 0)
  return { ...result.neverPlaceableBy }
}

test('what no machine has enough of is named', () => {
  assert.deepEqual(shortBy({ cpu: 9, memory: 1 }), { cpu: 1 })
  assert.deepEqual(shortBy({ cpu: 9, memory: 9 }), { cpu: 1, memory: 1 })
  assert.deepEqual(shortBy({ cpu: 1, memory: 1, devices: 3 }), { gpu: 1 })
})

test('what is enough in each resource and nowhere in all is a combination', () => {
  assert.deepEqual(shortBy({ cpu: 8, memory: 8 }), { combination: 1 })
  assert.deepEqual(shortBy({ cpu: 8, memory: 1, devices: 1, models: ['b'] }), { combination: 1 })
})

test('a GPU model that no machine has is named', () => {
  assert.deepEqual(shortBy({ cpu: 1, memory: 1, devices: 1, models: ['c'] }), { 'gpu model': 1 })
})

test('too few devices on every machine are named, where their sum would do', () => {
  assert.deepEqual(shortBy({ cpu: 1, memory: 1, devices: 3, milli: 500 }), { 'gpu device': 1 })
})

test('what fits one machine exactly is placeable', () => {
  assert.deepEqual(shortBy({ cpu: 8, memory: 2, devices: 2, models: ['a'] }), {})
})

test('the largest capacity that a machine ever has counts, and machines that join later', () => {
  const tall: SmallTask = { cpu: 9, memory: 1, run: 1 }
  assert.deepEqual(shortBy(tall, { events: [{ at: 5, kind: 'update', machine: 0, cpu: 9 }] }), {})
  assert.deepEqual(
    shortBy(tall, { machines: [...machines, { cpu: 9, memory: 9, absent: true }], events: [{ at: 5, kind: 'add', machine: 3 }] }),
    {},
  )
})
