import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Trace } from '../../sim/index.ts'
import { scaleLoad } from '../../workloads/scale-load.ts'
import { checkLinks, madeRuns, madeTrace, runsInWords } from './made-trace.ts'
import { rejectsWith } from './rejects-with.ts'

const factor = fc.double({ min: 0, max: 4, noNaN: true })
const seed = fc.nat(1000)

const namesOf = ({ tasks }: Trace) => new Set(Array.from(tasks.job, (job, task) => `${job}/${tasks.index[task]}`))

test('whatever the load, the tables hold together, and the same seed gives the same trace', () => {
  fc.assert(
    fc.property(madeRuns, factor, seed, (rows, f, s) => {
      const trace = madeTrace(rows)
      const scaled = scaleLoad(trace, f, s)
      checkLinks(scaled)
      assert.deepEqual(scaleLoad(trace, f, s), scaled)
    }),
  )
})

test('load 1 changes nothing but what is counted', () => {
  fc.assert(
    fc.property(madeRuns, seed, (rows, s) => {
      const trace = madeTrace(rows)
      const { counts: _, ...same } = scaleLoad(trace, 1, s)
      const { counts: __, ...was } = trace
      assert.deepEqual(same, was)
    }),
  )
})

test('a task goes or is copied with all its runs, at the same instants, in the same job', () => {
  fc.assert(
    fc.property(madeRuns, factor, seed, (rows, f, s) => {
      const trace = madeTrace(rows)
      const scaled = scaleLoad(trace, f, s)
      const lifeOf = (of: Trace) => {
        const lives = new Map<number, string>()
        for (let run = 0; run < of.runs.count; run++) {
          const { task, class: row, arrival, runTime, end, preplaced, machine } = of.runs
          const life = [row[run], arrival[run], runTime[run], end[run], preplaced[run], machine[run]].join()
          lives.set(task[run], `${lives.get(task[run]) ?? of.tasks.job[task[run]]};${life}`)
        }
        return [...lives.values()]
      }
      const times = new Map<string, number>()
      for (const life of lifeOf(scaled)) times.set(life, (times.get(life) ?? 0) + 1)
      const before = new Map<string, number>()
      for (const life of lifeOf(trace)) before.set(life, (before.get(life) ?? 0) + 1)
      for (const life of times.keys()) assert.ok(before.has(life))
      for (const [life, count] of before) {
        const now = times.get(life) ?? 0
        assert.ok(now >= count * Math.floor(f) && now <= count * Math.ceil(f), `${now} of ${count}`)
      }
    }),
  )
})

test('a larger load keeps every task that a smaller one kept', () => {
  fc.assert(
    fc.property(madeRuns, seed, (rows, s) => {
      const trace = madeTrace(rows)
      const few = namesOf(scaleLoad(trace, 0.3, s))
      const more = namesOf(scaleLoad(trace, 0.7, s))
      for (const name of few) assert.ok(more.has(name))
    }),
  )
})

test('copies take indexes beyond the largest of their job, and follow their original', () => {
  const row = {
    job: 0,
    cpu: 1,
    devices: 0,
    spread: false,
    models: [],
    tier: 0,
    arrival: 5,
    runTime: 3,
    end: 'finish',
    preplaced: null,
  } as const
  const trace = madeTrace([
    { ...row, index: 0 },
    { ...row, index: 3 },
    { ...row, index: 0, arrival: 7 },
  ])
  const doubled = scaleLoad(trace, 2, 1)
  assert.deepEqual([...doubled.tasks.index], [0, 4, 3, 5])
  assert.deepEqual([...doubled.runs.task], [0, 1, 2, 3, 0, 1])
  assert.deepEqual([...doubled.runs.previous], [-1, -1, -1, -1, 0, 1])
  assert.deepEqual([...doubled.jobs.request[0]], [4])
  assert.equal(doubled.counts['tasks added by load'], 2)
  // The trace never placed the copies.
  assert.deepEqual([...doubled.recorded.run], [0, 2, 4])
  assert.deepEqual(runsInWords(doubled).length, 6)
  assert.equal(scaleLoad(trace, 0, 1).runs.count, 0)
})

test('about the right share of many tasks stays', () => {
  const rows = Array.from({ length: 4000 }, (_, index) => ({
    ...{ job: 0, index, cpu: 1, devices: 0, spread: false, models: [], tier: 0, arrival: 5, runTime: 3 },
    ...({ end: 'finish', preplaced: null } as const),
  }))
  const { tasks, counts } = scaleLoad(madeTrace(rows), 1.25, 3)
  assert.ok(Math.abs(tasks.count - 5000) < 100, `${tasks.count}`)
  assert.deepEqual([counts['tasks dropped by load'], counts.tasks], [0, tasks.count])
})

test('a load that is no number from 0 is bad input', async () => {
  for (const bad of [-1, Number.NaN, Number.POSITIVE_INFINITY]) {
    const scaling = Promise.resolve().then(() => scaleLoad(madeTrace([]), bad, 1))
    await rejectsWith(scaling, '', `load: ${bad} (a number from 0 would do, such as 1.2)`)
  }
})
