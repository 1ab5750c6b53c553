import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type RunResult, SECOND, type SimulateOptions, simulate } from '../../sim/index.ts'
import { options } from './policies-for-tests.ts'
import { type SmallCell, type SmallEvent, type SmallTask, smallTrace } from './small-trace.ts'

/** Tasks, events and window in seconds. */
function measured(cell: SmallCell, over: Partial<SimulateOptions> = {}): RunResult {
  const inMicroseconds = {
    ...cell,
    tasks: cell.tasks.map(
      (task): SmallTask => ({
        ...task,
        at: (task.at ?? 0) * SECOND,
        ...(task.run === undefined ? {} : { run: task.run * SECOND }),
      }),
    ),
    events: (cell.events ?? []).map((event): SmallEvent => ({ ...event, at: event.at * SECOND })),
    end: (cell.end ?? 0) * SECOND,
  }
  return simulate(smallTrace(inMicroseconds), options('first-fit', over)).result
}

/**
 * 0 s: A (2 CPUs, 1 memory) starts. 40 s: A ends, B (4, 2), which came at 10 s, starts. 60 s: B ends, C (1, 1), which came at 50 s,
 * starts and stays. D (4, 1) comes at 70 s and never finds room. The window is 240 s, so that samples are a second apart.
 */
const story: SmallCell = {
  machines: [{ cpu: 4, memory: 4 }],
  tasks: [
    { cpu: 2, memory: 1, run: 40 },
    { cpu: 4, memory: 2, at: 10, run: 20, tier: 'production', priority: 9, end: 'fail' },
    { cpu: 1, memory: 1, at: 50, tier: 'free' },
    { cpu: 4, memory: 1, at: 70, run: 1, tier: 'batch' },
  ],
  end: 240,
}

test('utilisation is the integral of what is placed over that of the capacity', () => {
  const { utilisation } = measured(story)
  assert.equal(utilisation.cpu.allocated, (2 * 40 + 4 * 20 + 1 * 180) / (4 * 240))
  assert.equal(utilisation.memory.allocated, (1 * 40 + 2 * 20 + 1 * 180) / (4 * 240))
  assert.equal(utilisation.cpu.peak, 1)
  assert.equal(utilisation.memory.peak, 0.5)
})

test('utilisation weighs the capacity that is in the cell at the time', () => {
  const cell = {
    machines: [
      { cpu: 4, memory: 4 },
      { cpu: 4, memory: 4 },
    ],
    tasks: [{ cpu: 4, memory: 1 }],
    events: [{ at: 30, kind: 'remove' as const, machine: 1 }],
    end: 120,
  }
  assert.equal(measured(cell).utilisation.cpu.allocated, (4 * 120) / (8 * 30 + 4 * 90))
})

test('stranded is what is free beyond the share that every resource has free, the mean of the samples', () => {
  // Memory free beyond CPU: 0.75 − 0.5 until 40 s, 0.5 − 0 until 60 s, then none; a sample a second and one at the close.
  const { utilisation } = measured(story)
  assert.equal(utilisation.memory.stranded, (40 * 0.25 + 20 * 0.5) / 241)
  assert.equal(utilisation.cpu.stranded, 0)
})

test('waits are told by tier; those that have not ended are counted apart, and at what they had come to', () => {
  const { wait, pending, running, placed } = measured(story)
  assert.deepEqual([placed, running, pending], [3, 1, 1])
  const { curve: _, ...all } = wait.all
  assert.deepEqual(all, { count: 3, censored: 1, mean: 40 / 3, meanAtLeast: (0 + 30 + 10 + 170) / 4, p50: 10, p90: 30, p99: 30, max: 30 })
  assert.deepEqual([wait.production.count, wait.production.mean], [1, 30])
  assert.deepEqual([wait.free.count, wait.free.mean], [1, 10])
  assert.deepEqual([wait.batch.count, wait.batch.censored, wait.batch.mean, wait.batch.meanAtLeast], [1, 1, 0, 85])
  assert.deepEqual([wait.monitoring.count, wait.monitoring.mean], [0, 0])
})

test('percentiles are by nearest rank', () => {
  // One machine, ten tasks of 1 s at once: they wait 0, 1, … 9 s.
  const tasks = Array.from({ length: 10 }, () => ({ cpu: 4, memory: 1, run: 1 }))
  const { p50, p90, p99, max, mean, curve } = measured({ ...story, tasks }).wait.all
  assert.deepEqual([p50, p90, p99, max, mean], [4, 8, 9, 9, 4.5])
  assert.deepEqual(curve.value, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
  assert.deepEqual(curve.share, [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1])
})

test('slowdown is wait and run time over run time, and at least 1; the makespan is the last end', () => {
  const { slowdown, makespan, ended } = measured(story)
  // A: 40/40. B: (30 + 20)/20. C and D have not ended.
  assert.deepEqual([slowdown.count, slowdown.mean, slowdown.max, slowdown.censored], [2, (1 + 2.5) / 2, 2.5, 2])
  assert.equal(makespan, 60)
  assert.deepEqual(ended, { finish: 1, fail: 1, kill: 0 })
})

test('run times below 10 s count as 10 s in the slowdown', () => {
  const tasks = [
    { cpu: 4, memory: 1, run: 29 },
    { cpu: 4, memory: 1, run: 1 },
    { cpu: 4, memory: 1, at: 25, run: 1 },
  ]
  // Waits 29 and 5: (29 + 1)/10, and (5 + 1)/10, taken as 1.
  const { slowdown } = measured({ ...story, tasks })
  assert.deepEqual([slowdown.mean, slowdown.max], [(1 + 3 + 1) / 3, 3])
})

test('the warm-up is left out of means, waits and slowdowns, not of counts', () => {
  const { utilisation, wait, slowdown, placed } = measured(story, { warmUp: 50 * SECOND })
  assert.equal(utilisation.cpu.allocated, (4 * 10 + 1 * 180) / (4 * 190))
  assert.deepEqual([wait.all.count, wait.all.mean, wait.production.count], [1, 10, 0])
  assert.equal(slowdown.count, 0)
  assert.equal(placed, 3)
})

test('evictions are told by tier and cause, and what they had run is lost', () => {
  const cell: SmallCell = {
    machines: [
      { cpu: 4, memory: 4 },
      { cpu: 4, memory: 4 },
      { cpu: 4, memory: 4 },
    ],
    tasks: [
      { cpu: 4, memory: 1, preplaced: 0, tier: 'free' },
      { cpu: 4, memory: 1, preplaced: 1, priority: 5 },
      { cpu: 4, memory: 1, preplaced: 2, priority: 6, tier: 'production' },
      { cpu: 4, memory: 1, at: 5, priority: 9, tier: 'monitoring' },
    ],
    events: [
      { at: 3, kind: 'remove', machine: 1 },
      { at: 4, kind: 'update', machine: 2, cpu: 3 },
    ],
    end: 20,
  }
  // At 3 s the batch run is put off machine 1 and evicts the free run on machine 0 (3 s lost each); at 4 s machine 2 shrinks
  // under production (4 s lost), which evicts the batch run (1 s lost), which monitoring does at 5 s with production (1 s).
  const { evictions, workLost, waitAfterEviction } = measured(cell, { preemption: 'borg' })
  assert.deepEqual(evictions, {
    free: { preempted: 1, 'machine removed': 0, 'machine shrunk': 0 },
    batch: { preempted: 1, 'machine removed': 1, 'machine shrunk': 0 },
    production: { preempted: 1, 'machine removed': 0, 'machine shrunk': 1 },
    monitoring: { preempted: 0, 'machine removed': 0, 'machine shrunk': 0 },
  })
  assert.equal(workLost, 3 + 3 + 4 + 1 + 1)
  assert.deepEqual([waitAfterEviction.count, waitAfterEviction.censored, waitAfterEviction.max], [2, 3, 0])
  assert.equal(measured(cell, { preemption: 'borg', warmUp: 4 * SECOND }).workLost, 4 + 1 + 1)
})

test('the series counts what runs, waits and is in the cell, at 241 instants', () => {
  const { series } = measured(story)
  assert.equal(series.time.length, 241)
  const at = (second: number) => [series.time[second], series.running[second], series.pending[second], series.allocated.cpu[second]]
  assert.deepEqual(
    [at(9), at(10), at(39), at(40), at(240)],
    [
      [9, 1, 0, 0.5],
      [10, 1, 1, 0.5],
      [39, 1, 1, 0.5],
      [40, 1, 0, 1],
      [240, 1, 1, 0.25],
    ],
  )
})

test('the picture has a byte for each machine at 25 instants: its share in percent, 255 where it is absent', () => {
  const cell = {
    ...story,
    machines: [
      { cpu: 4, memory: 4 },
      { cpu: 4, memory: 4, absent: true },
    ],
  }
  const { picture } = measured(cell, { picture: true })
  assert.ok(picture)
  const cpu = [...Buffer.from(picture.used.cpu, 'base64')]
  assert.equal(cpu.length, 25 * 2)
  // Frames are 10 s apart.
  assert.deepEqual(picture.time.slice(0, 3), [0, 10, 20])
  assert.deepEqual(cpu.slice(0, 16), [50, 255, 50, 255, 50, 255, 50, 255, 100, 255, 100, 255, 25, 255, 25, 255])
  assert.equal(measured(cell).picture, null)
})

test('what waits, or fills the cell, before the warm-up is over is in no measure, censored or not', () => {
  const trace = smallTrace({
    machines: [{ cpu: 2, memory: 4 }],
    tasks: [
      { cpu: 2, memory: 0, at: 0, run: 49 * SECOND, priority: 9 },
      { cpu: 2, memory: 5, at: 0 },
      { cpu: 1, memory: 1, at: 0 },
      { cpu: 2, memory: 1, at: 1 },
      { cpu: 1, memory: 1, at: 60 * SECOND },
    ],
    end: 100 * SECOND,
  })
  const { wait, slowdown, utilisation, pending } = simulate(trace, options('first-fit', { warmUp: 50 * SECOND })).result
  assert.equal(pending, 1)
  assert.deepEqual([wait.all.count, wait.all.censored, wait.all.meanAtLeast], [1, 0, 0])
  assert.equal(slowdown.censored, 1)
  assert.equal(utilisation.cpu.peak, 1)
  assert.ok(utilisation.memory.stranded < 0.5)
})
