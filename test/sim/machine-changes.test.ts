import assert from 'node:assert/strict'
import { test } from 'node:test'
import { moves, told } from './told.ts'

const whole = { cpu: 4, memory: 4 }
const one = { cpu: 1, memory: 1 }

test('a machine that leaves evicts all its tasks, lowest priority first and latest placed first, and they queue again', () => {
  const cell = {
    machines: [whole, { ...whole, absent: true }],
    tasks: [
      { ...one, priority: 1, at: 0 },
      { ...one, priority: 0, at: 1 },
      { ...one, priority: 0, at: 2 },
    ],
    events: [
      { at: 5, kind: 'remove' as const, machine: 0 },
      { at: 9, kind: 'add' as const, machine: 1 },
    ],
    end: 20,
  }
  assert.deepEqual(moves(cell, 'first-fit').slice(3), [
    '5 evict 2 from 0: machine removed',
    '5 evict 1 from 0: machine removed',
    '5 evict 0 from 0: machine removed',
    '9 place 0 on 1',
    '9 place 1 on 1',
    '9 place 2 on 1',
  ])
})

test('a machine that shrinks evicts the lowest priority, latest placed first, until the rest fits', () => {
  const cell = {
    machines: [whole],
    tasks: [
      { ...one, priority: 0, at: 0 },
      { ...one, priority: 1, at: 1 },
      { ...one, priority: 0, at: 2 },
      { ...one, priority: 0, at: 3 },
    ],
    events: [{ at: 5, kind: 'update' as const, machine: 0, cpu: 2 }],
    end: 20,
  }
  assert.deepEqual(moves(cell, 'first-fit').slice(4), ['5 evict 3 from 0: machine shrunk', '5 evict 2 from 0: machine shrunk'])
})

test('a machine that grows, or joins, gives its room at that instant', () => {
  const cell = {
    machines: [
      { cpu: 1, memory: 4 },
      { ...whole, absent: true },
    ],
    tasks: [
      { cpu: 2, memory: 1 },
      { cpu: 4, memory: 1 },
    ],
    events: [
      { at: 5, kind: 'update' as const, machine: 0, cpu: 2 },
      { at: 7, kind: 'add' as const, machine: 1 },
    ],
    end: 20,
  }
  assert.deepEqual(moves(cell, 'first-fit'), ['5 place 0 on 0', '7 place 1 on 1'])
})

test('at one instant: ends, removals, additions, arrivals, then one pass over the queue by priority', () => {
  const cell = {
    machines: [whole, { ...whole, absent: true }],
    tasks: [
      { cpu: 4, memory: 1, run: 5 },
      { cpu: 4, memory: 1, at: 5, run: 1 },
      { cpu: 4, memory: 1, at: 5, run: 1, priority: 3 },
    ],
    events: [
      { at: 5, kind: 'add' as const, machine: 1 },
      { at: 5, kind: 'remove' as const, machine: 0 },
    ],
    end: 20,
  }
  assert.deepEqual(told(cell, 'first-fit'), [
    '0 place 0 on 0',
    '5 end 0 on 0',
    '5 place 2 on 1',
    '5 wait 1',
    '6 end 2 on 1',
    '6 place 1 on 1',
    '7 end 1 on 1',
  ])
})

test('a later run of a task arrives its gap after the end in the replay, however long the first one waited', () => {
  const cell = {
    machines: [whole],
    tasks: [
      { cpu: 4, memory: 1, run: 30 },
      { cpu: 4, memory: 1, at: 1, run: 5, again: [{ gap: 2, run: 1 }] },
    ],
    end: 50,
  }
  assert.deepEqual(
    told(cell, 'first-fit').filter((line) => !line.includes('wait')),
    ['0 place 0 on 0', '30 end 0 on 0', '30 place 1 on 0', '35 end 1 on 0', '37 place 2 on 0', '38 end 2 on 0'],
  )
})

test('a run that was on an unknown or a full machine at the opening goes through the queue', () => {
  const cell = {
    machines: [whole, whole],
    tasks: [
      { cpu: 4, memory: 1, preplaced: 1 },
      { cpu: 4, memory: 1, preplaced: 1 },
      { cpu: 4, memory: 1, preplaced: -1 },
    ],
    end: 20,
  }
  assert.deepEqual(told(cell, 'first-fit'), ['0 place 0 on 1', '0 place 1 on 0', '0 wait 2'])
})
