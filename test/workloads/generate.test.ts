import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { InputError, NONE, type Trace } from '../../sim/index.ts'
import { generate, generateTrace, type ProfileName, profiles } from '../../workloads/index.ts'

const EPOCH = profiles['google-2011'].epoch.length
const HOUR = 1 / 24

/** What is requested of a resource at one instant, as a share of the cell, had nobody waited. */
function requestedAt({ runs, classes, machines }: Trace, resource: number, time: number): number {
  let units = 0
  const end = new Float64Array(runs.count)
  for (let run = 0; run < runs.count; run++) {
    const before = runs.previous[run]
    const start = before === NONE ? runs.arrival[run] : end[before] + runs.arrival[run]
    end[run] = start + runs.runTime[run]
    if (start <= time && time < end[run]) units += classes.request[resource][runs.class[run]]
  }
  return units / machines.capacity[resource].reduce((sum, capacity) => sum + capacity, 0)
}

function countTasks(name: ProfileName, options: Parameters<typeof generate>[1]): number {
  let tasks = 0
  for (const run of generate(name, options).runs()) if (!run.again) tasks++
  return tasks
}

test('the same seed gives the same trace, and another seed another', () => {
  const trace = (seed: number) => generateTrace('google-2011', { machines: 50, days: HOUR, seed })
  assert.deepEqual(trace(7), trace(7))
  assert.notDeepEqual(trace(7).runs.runTime, trace(8).runs.runTime)
})

test('a longer window begins with the shorter one’s arrivals', () => {
  const arrivals = (days: number) => [
    ...map(
      generate('google-2011', { machines: 300, days, target: 0 }).runs(),
      (run) => `${run.time}/${run.job}/${run.class}/${run.runTime}`,
    ),
  ]
  const short = arrivals(0.1)
  assert.ok(short.length > 100)
  assert.deepEqual(arrivals(0.2).slice(0, short.length), short)
})

test('a month at full size has 25.4 million tasks within 3 %, counted on a tenth of the machines', () => {
  const tasks = countTasks('google-2011', { machines: 1258, days: 29, target: 0 })
  const month = (tasks * 12_583) / 1258
  assert.ok(Math.abs(month / 25.4e6 - 1) < 0.03, `${Math.round(month)} tasks`)
})

test('arrivals go up and down with the machines and with the load', () => {
  const tasks = (machines: number, load: number) => countTasks('google-2011', { machines, days: 2, load, target: 0 })
  const one = tasks(2000, 1)
  assert.ok(Math.abs(tasks(4000, 1) / one - 2) < 0.1)
  assert.ok(Math.abs(tasks(2000, 2) / one - 2) < 0.1)
})

test('base and arrivals request the target at the opening, whatever the cell’s size', () => {
  for (const machines of [200, 1000, 12_583]) {
    const trace = generateTrace('google-2011', { machines, days: 0.01 })
    const [cpu, memory] = [0, 1].map((resource) => requestedAt(trace, resource, 0))
    assert.ok(cpu > 0.8 && cpu < 0.9, `cpu ${cpu} of ${machines} machines`)
    assert.ok(memory > 0.5 && memory < 0.85, `memory ${memory} of ${machines} machines`)
  }
  const openb = generateTrace('openb', { days: 0.01 })
  const gpu = requestedAt(openb, 2, 0)
  assert.ok(gpu > 0.85 && gpu < 0.9, `gpu ${gpu}`)
})

test('the load is stationary over days', () => {
  const days = 8
  const trace = generateTrace('google-2011', { machines: 1000, days })
  const daily = Array.from({ length: days }, (_, day) => {
    const shares = [0.1, 0.3, 0.5, 0.7, 0.9].map((part) => requestedAt(trace, 0, (day + part) * 86_400e6))
    return shares.reduce((sum, share) => sum + share, 0) / shares.length
  })
  for (const [day, share] of daily.entries())
    assert.ok(share > 0.75 && share < 0.95, `day ${day}: ${share} (${daily.map((s) => s.toFixed(3))})`)
})

test('an epoch deals the deck: the second of google-2011 has exactly the slice’s 1,053 jobs', () => {
  const jobs = new Set<number>()
  for (const run of generate('google-2011', { days: (2 * EPOCH) / 86_400e6, target: 0 }).runs())
    if (run.time >= EPOCH && !run.again) jobs.add(run.job)
  assert.equal(jobs.size, 1053)
})

test('any cell, window and seed give a trace that holds together', () => {
  const options = fc.record({
    machines: fc.integer({ min: 1, max: 60 }),
    days: fc.constantFrom(0.01, 0.1, 0.5),
    seed: fc.integer({ min: 0, max: 1000 }),
    load: fc.constantFrom(0, 0.5, 1, 3),
    target: fc.constantFrom(0, 0.5, 0.85),
  })
  fc.assert(
    fc.property(fc.constantFrom<ProfileName>('google-2011', 'openb'), options, (name, chosen) => {
      const trace = generateTrace(name, chosen)
      const { runs, tasks, machines, classes, jobs } = trace
      assert.equal(machines.count, chosen.machines)
      let latest = 0
      const size = new Int32Array(jobs.count)
      for (let task = 0; task < tasks.count; task++) assert.equal(tasks.index[task], size[tasks.job[task]]++)
      for (let run = 0; run < runs.count; run++) {
        assert.ok(runs.runTime[run] > 0 && Number.isInteger(runs.runTime[run]))
        assert.ok(Number.isInteger(runs.arrival[run]) && runs.arrival[run] >= 0)
        const spread = classes.spread[runs.class[run]]
        assert.ok(spread === NONE || spread === tasks.job[runs.task[run]])
        if (runs.previous[run] !== NONE) {
          assert.equal(runs.task[runs.previous[run]], runs.task[run])
          continue
        }
        assert.ok(runs.arrival[run] >= latest && runs.arrival[run] <= trace.end)
        latest = runs.arrival[run]
      }
      for (let row = 0; row < classes.count; row++) {
        if (classes.spread[row] !== NONE) assert.ok(size[classes.spread[row]] <= Math.max(1, machines.count / 2))
      }
    }),
    { numRuns: 40, seed: 1 },
  )
})

test('machine shapes keep their proportions', () => {
  const { machines } = generateTrace('openb', { machines: 1523, days: 0.01, load: 0, target: 0 })
  assert.equal(
    machines.devices.reduce((sum, devices) => sum + devices, 0),
    6212,
  )
  assert.equal(
    machines.capacity[0].reduce((sum, capacity) => sum + capacity, 0),
    125_514_000,
  )
})

test('an option out of range or an unknown profile is an input error', () => {
  assert.throws(() => generate('google-2011', { machines: 0 }), InputError)
  assert.throws(() => generate('google-2011', { days: -1 }), InputError)
  assert.throws(() => generate('google-2011', { load: Number.NaN }), InputError)
  assert.throws(() => generate('google' as ProfileName), InputError)
})

function* map<T, U>(items: Iterable<T>, change: (item: T) => U): Generator<U> {
  for (const item of items) yield change(item)
}
