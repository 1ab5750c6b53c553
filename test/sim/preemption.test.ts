import assert from 'node:assert/strict'
import { test } from 'node:test'
import { moves, told } from './told.ts'

const borg = { preemption: 'borg' } as const
const whole = { cpu: 4, memory: 4 }

test('room that lower priorities hold counts as room, unless nobody may be evicted', () => {
  const cell = {
    machines: [whole],
    tasks: [
      { cpu: 4, memory: 1, priority: 0 },
      { cpu: 1, memory: 1, priority: 2, at: 5 },
    ],
    end: 20,
  }
  assert.deepEqual(moves(cell, 'first-fit', borg), ['0 place 0 on 0', '5 evict 0 from 0: preempted', '5 place 1 on 0'])
  assert.deepEqual(moves(cell, 'first-fit'), ['0 place 0 on 0'])
})

test('a machine with room is taken before anybody is evicted, however good the other is', () => {
  const cell = {
    machines: [whole, { cpu: 40, memory: 40 }],
    tasks: [
      { cpu: 4, memory: 4, preplaced: 0 },
      { cpu: 4, memory: 4, priority: 9, at: 5 },
    ],
    end: 20,
  }
  assert.deepEqual(moves(cell, 'best-fit', borg).slice(1), ['5 place 1 on 1'])
})

test('an equal priority is never evicted', () => {
  const cell = {
    machines: [whole],
    tasks: [
      { cpu: 4, memory: 1, priority: 2 },
      { cpu: 4, memory: 1, priority: 2, at: 5 },
    ],
    end: 20,
  }
  assert.deepEqual(moves(cell, 'first-fit', borg), ['0 place 0 on 0'])
})

test('the lowest priority goes first', () => {
  const cell = {
    machines: [whole],
    tasks: [
      { cpu: 2, memory: 1, priority: 1 },
      { cpu: 2, memory: 1, priority: 2 },
      { cpu: 2, memory: 1, priority: 9, at: 5 },
    ],
    end: 20,
  }
  assert.deepEqual(moves(cell, 'first-fit', borg).slice(2), ['5 evict 0 from 0: preempted', '5 place 2 on 0'])
})

test('of one priority the latest placed goes first', () => {
  const cell = {
    machines: [whole],
    tasks: [
      { cpu: 2, memory: 1, at: 0 },
      { cpu: 2, memory: 1, at: 1 },
      { cpu: 2, memory: 1, priority: 9, at: 5 },
    ],
    end: 20,
  }
  assert.deepEqual(moves(cell, 'first-fit', borg).slice(2), ['5 evict 1 from 0: preempted', '5 place 2 on 0'])
})

test('a victim that proves needless is given back', () => {
  // By order run 1 (1 CPU) would go, then run 0 (3 CPUs): with run 0 gone, run 1 may stay.
  const cell = {
    machines: [whole],
    tasks: [
      { cpu: 3, memory: 1, at: 0 },
      { cpu: 1, memory: 1, at: 1 },
      { cpu: 3, memory: 1, priority: 9, at: 5 },
    ],
    end: 20,
  }
  assert.deepEqual(moves(cell, 'first-fit', borg).slice(2), ['5 evict 0 from 0: preempted', '5 place 2 on 0'])
})

test('a victim takes its former place in the queue and owes its full run time again', () => {
  const cell = {
    machines: [whole],
    tasks: [
      { cpu: 4, memory: 1, run: 10 },
      { cpu: 4, memory: 1, priority: 9, at: 5, run: 3 },
      { cpu: 4, memory: 1, at: 1, run: 1 },
    ],
    end: 100,
  }
  assert.deepEqual(
    told(cell, 'first-fit', borg).filter((line) => !line.includes('wait')),
    [
      '0 place 0 on 0',
      '5 evict 0 from 0: preempted',
      '5 place 1 on 0',
      '8 end 1 on 0',
      '8 place 0 on 0',
      '18 end 0 on 0',
      '18 place 2 on 0',
      '19 end 2 on 0',
    ],
  )
})

test('production never evicts production; monitoring may', () => {
  const cell = (tier: string) => ({
    machines: [whole],
    tasks: [
      { cpu: 4, memory: 1, priority: 9, tier: 'production' },
      { cpu: 4, memory: 1, priority: 11, tier, at: 5 },
    ],
    end: 20,
  })
  assert.deepEqual(moves(cell('production'), 'first-fit', borg), ['0 place 0 on 0'])
  assert.deepEqual(moves(cell('monitoring'), 'first-fit', borg), ['0 place 0 on 0', '5 evict 0 from 0: preempted', '5 place 1 on 0'])
})

test('production passes over production and evicts what is below it on the same machine', () => {
  const cell = {
    machines: [whole],
    tasks: [
      { cpu: 2, memory: 1, priority: 9, tier: 'production' },
      { cpu: 2, memory: 1, priority: 8, tier: 'batch' },
      { cpu: 2, memory: 1, priority: 10, tier: 'production', at: 5 },
    ],
    end: 20,
  }
  assert.deepEqual(moves(cell, 'first-fit', borg).slice(2), ['5 evict 1 from 0: preempted', '5 place 2 on 0'])
})

test('the machine whose highest victim priority is lowest is chosen, though more tasks must go', () => {
  const cell = {
    machines: [whole, whole],
    tasks: [
      { cpu: 4, memory: 1, priority: 3, preplaced: 0 },
      { cpu: 2, memory: 1, priority: 2, preplaced: 1 },
      { cpu: 2, memory: 1, priority: 1, preplaced: 1 },
      { cpu: 4, memory: 1, priority: 9, at: 5 },
    ],
    end: 20,
  }
  assert.deepEqual(moves(cell, 'first-fit', borg).slice(3), [
    '5 evict 2 from 1: preempted',
    '5 evict 1 from 1: preempted',
    '5 place 3 on 1',
  ])
})

test('of those the one with the fewest victims', () => {
  const cell = {
    machines: [whole, whole],
    tasks: [
      { cpu: 2, memory: 1, preplaced: 0 },
      { cpu: 2, memory: 1, preplaced: 0 },
      { cpu: 4, memory: 1, preplaced: 1 },
      { cpu: 4, memory: 1, priority: 9, at: 5 },
    ],
    end: 20,
  }
  assert.deepEqual(moves(cell, 'first-fit', borg).slice(3), ['5 evict 2 from 1: preempted', '5 place 3 on 1'])
})

test('of those the best score with the victims gone, and then the tie-break', () => {
  // Left over once the task of 4 CPUs has replaced the victim: 4 of 8 on machine 0, none on machines 1 and 2.
  const cell = {
    machines: [{ cpu: 8, memory: 4 }, whole, whole],
    tasks: [
      { cpu: 8, memory: 4, preplaced: 0 },
      { cpu: 4, memory: 4, preplaced: 1 },
      { cpu: 4, memory: 4, preplaced: 2 },
      { cpu: 4, memory: 4, priority: 9, at: 5 },
    ],
    end: 20,
  }
  assert.deepEqual(moves(cell, 'best-fit', borg).slice(3), ['5 evict 1 from 1: preempted', '5 place 3 on 1'])
  assert.deepEqual(moves(cell, 'worst-fit', borg).slice(3, 5), ['5 evict 0 from 0: preempted', '5 place 3 on 0'])
})

test('what evictions leave over is offered to the queue at the same instant, the victims first among equals by arrival', () => {
  // The victim of 4 CPUs makes room for 1; the run of 3 CPUs that waited behind it gets the rest.
  const cell = {
    machines: [whole],
    tasks: [
      { cpu: 4, memory: 1, at: 0 },
      { cpu: 3, memory: 1, at: 2 },
      { cpu: 1, memory: 1, priority: 9, at: 5 },
    ],
    end: 20,
  }
  assert.deepEqual(moves(cell, 'first-fit', borg).slice(1), ['5 evict 0 from 0: preempted', '5 place 2 on 0', '5 place 1 on 0'])
})

test('whole devices are taken back from lower priorities', () => {
  const gpu = { cpu: 0, memory: 0, devices: 1 }
  const cell = {
    machines: [{ cpu: 1, memory: 1, devices: 2 }],
    tasks: [
      { ...gpu, milli: 300, at: 0 },
      { ...gpu, milli: 1000, priority: 1, at: 1 },
      { ...gpu, milli: 1000, priority: 9, at: 5 },
    ],
    end: 20,
  }
  assert.deepEqual(moves(cell, 'first-fit', borg).slice(2), ['5 evict 0 from 0: preempted', '5 place 2 on 0'])
})

test('a machine where room comes cheap but a whole device dear gives way to one where neither is dear', () => {
  const half = { cpu: 0, memory: 0, devices: 1, milli: 600 }
  const cell = {
    machines: [
      { cpu: 1, memory: 1, devices: 3 },
      { cpu: 1, memory: 1, devices: 1 },
    ],
    tasks: [
      { ...half, priority: 3, preplaced: 0 },
      { ...half, priority: 3, preplaced: 0 },
      { ...half, priority: 3, preplaced: 0 },
      { cpu: 1, memory: 1, priority: 0, preplaced: 0 },
      { cpu: 1, memory: 1, priority: 2, preplaced: 1 },
      { ...half, milli: 1000, cpu: 1, memory: 1, priority: 9, at: 5 },
    ],
    end: 20,
  }
  // The shares leave room for more than a whole device on the first, but on no device of its own.
  assert.deepEqual(
    moves(cell, 'first-fit', borg).filter((line) => line.startsWith('5')),
    ['5 evict 4 from 1: preempted', '5 place 5 on 1', '5 evict 3 from 0: preempted', '5 place 4 on 0'],
  )
})
