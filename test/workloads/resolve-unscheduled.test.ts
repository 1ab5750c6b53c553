import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { ENDS, NONE } from '../../sim/index.ts'
import { resolveUnscheduled, UNSCHEDULED_RULES } from '../../workloads/resolve-unscheduled.ts'
import { checkLinks, type MadeRun, madeRuns, madeTrace } from './made-trace.ts'

const seed = fc.nat(1000)
const row: MadeRun = {
  ...{ job: 0, index: 0, cpu: 1, devices: 0, spread: false, models: [], tier: 0, arrival: 10, runTime: 3, end: 'finish', preplaced: null },
}
const never = { runTime: Number.NaN, end: 'kill' } as const

test('by either rule no run is left without a run time, the tables hold together, and the seed decides', () => {
  fc.assert(
    fc.property(madeRuns, fc.constantFrom(...UNSCHEDULED_RULES), seed, (rows, rule, s) => {
      const trace = madeTrace(rows)
      const resolved = resolveUnscheduled(trace, rule, s)
      assert.ok(!resolved.runs.runTime.some(Number.isNaN))
      checkLinks(resolved)
      assert.deepEqual(resolveUnscheduled(trace, rule, s), resolved)
    }),
  )
})

test('dropping leaves out exactly the runs never scheduled, and the tasks that have no other', () => {
  fc.assert(
    fc.property(madeRuns, seed, (rows, s) => {
      const trace = madeTrace(rows)
      const { runs, tasks, recorded } = resolveUnscheduled(trace, 'drop', s)
      const kept = [...trace.runs.runTime.keys()].filter((run) => !Number.isNaN(trace.runs.runTime[run]))
      assert.deepEqual(
        [...runs.runTime],
        kept.map((run) => trace.runs.runTime[run]),
      )
      assert.deepEqual(
        [...runs.class],
        kept.map((run) => trace.runs.class[run]),
      )
      assert.equal(tasks.count, new Set(kept.map((run) => trace.runs.task[run])).size)
      assert.deepEqual(
        [...recorded.run],
        [...trace.recorded.run].map((run) => kept.indexOf(run)),
      )
    }),
  )
})

test('the run after a dropped one takes over its place: gaps add up, and the first begins at the arrival plus its gap', () => {
  const trace = madeTrace([
    { ...row, ...never, arrival: 10 },
    { ...row, ...never, arrival: 20 },
    { ...row, arrival: 30 },
    { ...row, ...never, arrival: 40 },
    { ...row, arrival: 50 },
    { ...row, ...never, arrival: 60 },
    { ...row, ...never, index: 1 },
  ])
  const { runs, counts, skipped } = resolveUnscheduled(trace, 'drop', 1)
  assert.deepEqual([...runs.arrival], [60, 90])
  assert.deepEqual([...runs.previous], [NONE, 0])
  assert.deepEqual([...runs.next], [1, NONE])
  assert.deepEqual([counts.tasks, counts.runs], [1, 2])
  assert.deepEqual(skipped, { 'run never scheduled': 5, 'task of which no run was scheduled': 1 })
})

test('a sampled run time is one of its class, else of its tier, else of any', () => {
  const trace = madeTrace([
    { ...row, index: 0, cpu: 1, tier: 0, runTime: 11, end: 'finish' },
    { ...row, index: 1, cpu: 2, tier: 0, runTime: 22, end: 'fail' },
    { ...row, index: 2, cpu: 2, tier: 0, ...never },
    { ...row, index: 3, cpu: 3, tier: 0, ...never },
    { ...row, index: 4, cpu: 4, tier: 2, ...never },
  ])
  for (let s = 0; s < 20; s++) {
    const { runs, counts } = resolveUnscheduled(trace, 'sample', s)
    assert.deepEqual([runs.runTime[2], ENDS[runs.end[2]]], [22, 'fail'])
    for (const run of [3, 4]) assert.ok(runs.runTime[run] === 11 ? ENDS[runs.end[run]] === 'finish' : runs.runTime[run] === 22)
    assert.equal(counts['run times sampled'], 3)
  }
})

test('where nothing was ever scheduled, what is sampled never ends', () => {
  const { runs } = resolveUnscheduled(madeTrace([{ ...row, ...never }]), 'sample', 1)
  assert.deepEqual([runs.runTime[0], ENDS[runs.end[0]]], [Number.POSITIVE_INFINITY, 'none'])
})

test('a trace that has no such run is left as it is', () => {
  const trace = madeTrace([row])
  assert.equal(resolveUnscheduled(trace, 'drop', 1), trace)
})
