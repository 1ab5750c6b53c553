import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SECOND, simulate } from '../../sim/index.ts'
import { options } from './policies-for-tests.ts'
import { smallTrace } from './small-trace.ts'
import { moves, told } from './told.ts'

const half = { overcommit: 'fixed-ratio:phi=0.5' }
const machines = [{ cpu: 4, memory: 40 }]
const two = { cpu: 2, memory: 1 }

test('lower tiers see what the policy says is needed: at a half, more than the capacity is placed', () => {
  // Needs 1 after the first, 2 after the second, 3 after the third; the fourth finds 1 free.
  const cell = { machines, tasks: [two, two, two, two], end: 10 }
  assert.deepEqual(told(cell, 'first-fit', {}, half), ['0 place 0 on 0', '0 place 1 on 0', '0 place 2 on 0', '0 wait 3'])
  assert.deepEqual(told(cell, 'first-fit'), ['0 place 0 on 0', '0 place 1 on 0', '0 wait 2'])
})

test('production and monitoring count every request in full', () => {
  for (const tier of ['production', 'monitoring']) {
    const cell = { machines, tasks: [two, two, { ...two, tier, at: 1 }], end: 10 }
    assert.deepEqual(told(cell, 'first-fit', {}, half), ['0 place 0 on 0', '0 place 1 on 0', '1 wait 2'])
  }
})

test('lower tiers profit from what production does not need', () => {
  const cell = { machines, tasks: [{ cpu: 4, memory: 1, tier: 'production' }, two], end: 10 }
  assert.deepEqual(moves(cell, 'first-fit', {}, half), ['0 place 0 on 0', '0 place 1 on 0'])
})

test('the need is rounded up to whole units', () => {
  // 3 × 0.5 = 1.5, taken as 2: of 3 CPUs 1 is free, not 1.5.
  const cell = { machines: [{ cpu: 3, memory: 40 }], tasks: [{ cpu: 3, memory: 1 }, two, { cpu: 1, memory: 1 }], end: 10 }
  assert.deepEqual(told(cell, 'first-fit', {}, half), ['0 place 0 on 0', '0 wait 1', '0 place 2 on 0'])
})

test('devices are never overcommitted', () => {
  const gpu = { cpu: 0, memory: 0, devices: 1 }
  const cell = { machines: [{ cpu: 4, memory: 4, devices: 2 }], tasks: [gpu, gpu, gpu], end: 10 }
  assert.deepEqual(told(cell, 'first-fit', {}, half), ['0 place 0 on 0', '0 place 1 on 0', '0 wait 2'])
})

test('a resource may have a share of its own', () => {
  const cell = { machines: [{ cpu: 4, memory: 4 }], tasks: [{ cpu: 2, memory: 4 }, two], end: 10 }
  assert.deepEqual(told(cell, 'first-fit', {}, { overcommit: 'fixed-ratio:phi=0.5,memory=1' }), ['0 place 0 on 0', '0 wait 1'])
})

test('the time that machines are overfull is measured in machine-seconds', () => {
  // Placed: 4 CPUs until second 3, 6 until second 8, then 4: overfull for 5 seconds, on one of two machines.
  const cell = {
    machines: [...machines, { cpu: 1, memory: 1 }],
    tasks: [two, two, { ...two, at: 3 * SECOND, run: 5 * SECOND }],
    end: 20 * SECOND,
  }
  const { overfull, utilisation } = simulate(smallTrace(cell), options('first-fit', {}, half)).result
  assert.equal(overfull, 5)
  assert.equal(utilisation.cpu.peak, 6 / 5)
  assert.equal(simulate(smallTrace(cell), options('first-fit')).result.overfull, 0)
})

test('a machine that shrinks evicts only while what its tasks need is above its capacity', () => {
  const cell = {
    machines,
    tasks: [two, { ...two, at: 1 }, { ...two, at: 2 }],
    events: [{ at: 5, kind: 'update' as const, machine: 0, cpu: 2 }],
    end: 10,
  }
  assert.deepEqual(moves(cell, 'first-fit', {}, half).slice(3), ['5 evict 2 from 0: machine shrunk'])
})

test('evicting production’s room for production is judged by requests, for others by need', () => {
  const cell = {
    machines,
    tasks: [two, { ...two, at: 1 }, { ...two, at: 2 }, { ...two, priority: 9, tier: 'production', at: 5 }],
    end: 10,
  }
  // Requests are 6 of 4, so production needs two gone; what is left over then takes one of them back.
  assert.deepEqual(moves(cell, 'first-fit', { preemption: 'borg' }, half).slice(3), [
    '5 evict 2 from 0: preempted',
    '5 evict 1 from 0: preempted',
    '5 place 3 on 0',
    '5 place 1 on 0',
  ])
})
