import assert from 'node:assert/strict'
import { test } from 'node:test'
import { followRecipe, seedMoves, type TraceRecipe } from '../../experiments/index.ts'
import { type SmallTask, smallTrace } from '../sim/small-trace.ts'

const cell = { machines: Array.from({ length: 10 }, () => ({ cpu: 4, memory: 4 })), end: 100 }
const tasks: SmallTask[] = Array.from({ length: 40 }, (_, i) => ({ cpu: 1, memory: 1, at: i, run: 5 + i }))
const plain: TraceRecipe = { from: { trace: smallTrace({ ...cell, tasks }) }, unscheduled: 'drop', load: 1 }
const unknown: TraceRecipe = {
  ...plain,
  from: { trace: smallTrace({ ...cell, tasks: [...tasks, { cpu: 1, memory: 1, run: Number.NaN }] }) },
}
const generated: TraceRecipe = {
  from: { profile: 'openb', options: { machines: 10, days: 0.1 } },
  unscheduled: 'drop',
  load: 1,
}

const fixed: Record<string, TraceRecipe> = {
  'a trace as it is': plain,
  'twice the load: every arrival is cloned': { ...plain, load: 2 },
  'runs without a run time left out': unknown,
  'sampling where every run time is known': { ...plain, unscheduled: 'sample' },
}
const moving: Record<string, TraceRecipe> = {
  'one and a half times the load': { ...plain, load: 1.5 },
  'half the load': { ...plain, load: 0.5 },
  'a subset of the machines': { ...plain, cell: { count: 5 } },
  'a run time sampled': { ...unknown, unscheduled: 'sample' },
  'a generated trace': generated,
}

/** Machines, arrivals and run times, as bytes. */
function bytesOf(recipe: TraceRecipe, seed: number): string {
  const { machines, runs, tasks: table } = followRecipe(recipe, seed)
  return JSON.stringify([machines.id, [...runs.arrival], Array.from(runs.runTime, String), [...table.job]])
}

for (const [what, recipe] of Object.entries(fixed)) {
  test(`no seed moves ${what}`, () => {
    assert.equal(seedMoves(recipe), false)
    for (const seed of [2, 3, 4]) assert.equal(bytesOf(recipe, seed), bytesOf(recipe, 1))
  })
}

for (const [what, recipe] of Object.entries(moving)) {
  test(`seeds move ${what}, and the same seed gives the same trace`, () => {
    assert.equal(seedMoves(recipe), true)
    assert.equal(bytesOf(recipe, 1), bytesOf(recipe, 1))
    assert.ok([2, 3, 4, 5].some((seed) => bytesOf(recipe, seed) !== bytesOf(recipe, 1)))
  })
}

test('a recipe that asks for nothing gives the trace itself', () => {
  assert.ok('trace' in plain.from)
  assert.equal(followRecipe(plain, 1), plain.from.trace)
})

test('the load is scaled before the cell is cut', () => {
  const { machines, runs } = followRecipe({ ...plain, load: 2, cell: { share: 0.5 } }, 1)
  assert.deepEqual([machines.count, runs.count], [5, 80])
})
