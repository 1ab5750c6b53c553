import assert from 'node:assert/strict'
import { test } from 'node:test'
import { simulate } from '../../sim/index.ts'
import { options } from './policies-for-tests.ts'
import { type SmallCell, smallTrace } from './small-trace.ts'
import { told } from './told.ts'

/** 100 CPUs and 100 of memory: a quarter of the cell is 25. */
const machines = [{ cpu: 100, memory: 100 }]
const reject = { admission: 'quota:share=0.25' }
const hold = { admission: 'quota:share=0.25,over=hold' }

const resultOf = (cell: SmallCell, names: { admission: string }) => simulate(smallTrace(cell), options('first-fit', {}, names)).result

test('a job that would take its user over the quota of the tier is rejected, and says of what', () => {
  const cell = {
    machines,
    tasks: [
      { cpu: 20, memory: 1 },
      { cpu: 6, memory: 1, at: 1 },
      { cpu: 5, memory: 1, at: 2 },
      { cpu: 1, memory: 24, at: 3 },
    ],
    end: 10,
  }
  assert.deepEqual(told(cell, 'first-fit', {}, reject), ['0 place 0 on 0', '1 turned-away 1', '2 place 2 on 0', '3 turned-away 3'])
  const { admission, rejectedBy } = resultOf(cell, reject)
  assert.deepEqual(admission, { admitted: 2, held: 0, rejected: 2 })
  assert.deepEqual(rejectedBy, { 'over quota: cpu': 1, 'over quota: cpu, memory': 1 })
})

test('a job is asked for once, with all its tasks: they enter or stay out together', () => {
  const cell = {
    machines,
    tasks: [
      { cpu: 13, memory: 1, job: 1 },
      { cpu: 13, memory: 1, job: 1, at: 5 },
      { cpu: 12, memory: 1, job: 2 },
      { cpu: 13, memory: 1, job: 2, at: 5 },
    ],
    end: 10,
  }
  assert.deepEqual(told(cell, 'first-fit', {}, reject), ['0 turned-away 0', '0 place 2 on 0', '5 turned-away 1', '5 place 3 on 0'])
})

test('quotas are each user’s own, and each tier’s', () => {
  const job = { cpu: 20, memory: 1 }
  const cell = {
    machines,
    tasks: [job, job, { ...job, tier: 'production' }, job],
    users: ['ann', 'bob', 'ann', 'ann'],
    end: 10,
  }
  assert.deepEqual(told(cell, 'first-fit', {}, reject), ['0 turned-away 3', '0 place 0 on 0', '0 place 1 on 0', '0 place 2 on 0'])
})

test('the lowest tier is without limit', () => {
  const job = { cpu: 40, memory: 1, tier: 'free' }
  assert.deepEqual(told({ machines, tasks: [job, job], end: 10 }, 'first-fit', {}, reject), ['0 place 0 on 0', '0 place 1 on 0'])
})

test('a held job enters once a job has gone, and its wait began when it came', () => {
  const cell = {
    machines,
    tasks: [
      { cpu: 20, memory: 1, run: 10_000_000 },
      { cpu: 20, memory: 1, at: 4_000_000, run: 1 },
    ],
    end: 30_000_000,
  }
  assert.deepEqual(told(cell, 'first-fit', {}, hold), [
    '0 place 0 on 0',
    '10000000 end 0 on 0',
    '10000000 place 1 on 0',
    '10000001 end 1 on 0',
  ])
  const { admission, wait } = resultOf(cell, hold)
  assert.deepEqual(admission, { admitted: 2, held: 1, rejected: 0 })
  assert.equal(wait.all.max, 6)
})

test('held jobs are asked again in the order in which they came, and one that does not fit keeps no other out', () => {
  const cell = {
    machines,
    tasks: [
      { cpu: 10, memory: 1, run: 10 },
      { cpu: 10, memory: 1, run: 20 },
      { cpu: 20, memory: 1, at: 1, run: 1 },
      { cpu: 11, memory: 1, at: 2, run: 30 },
    ],
    end: 100,
  }
  // At 10 the user has 10 of 25: 20 more are too much, 11 are not. At 20 there are 11: 20 still too much; at 40 none.
  const placed = told(cell, 'first-fit', {}, hold).filter((line) => line.includes('place'))
  assert.deepEqual(placed, ['0 place 0 on 0', '0 place 1 on 0', '10 place 3 on 0', '40 place 2 on 0'])
})

test('a job over its quota all by itself is rejected, not held for ever', () => {
  const cell = { machines, tasks: [{ cpu: 26, memory: 1 }], end: 10 }
  assert.deepEqual(told(cell, 'first-fit', {}, hold), ['0 turned-away 0'])
})

test('what ends at an instant is out of the quota of what arrives at it, and a job counts until its last run has ended', () => {
  const cell = {
    machines,
    tasks: [
      { cpu: 20, memory: 1, run: 5, again: [{ gap: 5, run: 5 }] },
      { cpu: 20, memory: 1, at: 5, run: 1 },
      { cpu: 20, memory: 1, at: 15, run: 1 },
    ],
    end: 50,
  }
  assert.deepEqual(told(cell, 'first-fit', {}, reject), [
    '0 place 0 on 0',
    '5 end 0 on 0',
    '5 turned-away 2',
    '10 place 1 on 0',
    '15 end 1 on 0',
    '15 place 3 on 0',
    '16 end 3 on 0',
  ])
})

test('a resource may have a share of its own', () => {
  const cell = {
    machines,
    tasks: [
      { cpu: 50, memory: 20 },
      { cpu: 1, memory: 1 },
    ],
    users: ['ann', 'bob'],
    end: 10,
  }
  assert.deepEqual(told(cell, 'first-fit', {}, { admission: 'quota:share=0.2,cpu=0.5' }), ['0 place 0 on 0', '0 place 1 on 0'])
  assert.deepEqual(told(cell, 'first-fit', {}, { admission: 'quota:share=0.2,cpu=0' }), ['0 turned-away 0', '0 turned-away 1'])
})

test('what was there at the opening is not asked about, and counts', () => {
  const cell = {
    machines,
    tasks: [
      { cpu: 60, memory: 1, preplaced: 0, run: 5 },
      { cpu: 1, memory: 1, at: 1 },
      { cpu: 1, memory: 1, at: 6 },
    ],
    end: 10,
  }
  assert.deepEqual(told(cell, 'first-fit', {}, reject), ['0 place 0 on 0', '1 turned-away 1', '5 end 0 on 0', '6 place 2 on 0'])
})

test('a job whose task fits no machine lets go of its quota, though later runs of that task were to come', () => {
  const cell = {
    machines,
    tasks: [
      { cpu: 20, memory: 200, run: 1, again: [{ gap: 1, run: 1 }] },
      { cpu: 20, memory: 1, at: 5 },
    ],
    end: 10,
  }
  const lenient = { admission: 'quota:cpu=0.25,memory=9,over=hold' }
  assert.deepEqual(told(cell, 'first-fit', {}, lenient), ['0 never-placeable 0', '5 place 2 on 0'])
})
