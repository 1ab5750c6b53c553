import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { peakSet } from '../../experiments/index.ts'
import { NONE, type Trace } from '../../sim/index.ts'
import { type SmallTask, smallTrace } from '../sim/small-trace.ts'

const machines = [
  { cpu: 8, memory: 4 },
  { cpu: 2, memory: 6, absent: true },
]

/** The same by looking at every instant of the window. */
function peakSetPlainly(trace: Trace): number[] {
  const { runs, classes } = trace
  const begins: number[] = []
  for (let run = 0; run < runs.count; run++) {
    const before = runs.previous[run]
    begins.push(runs.preplaced[run] ? 0 : before === NONE ? runs.arrival[run] : begins[before] + runs.runTime[before] + runs.arrival[run])
  }
  const aliveAt = (time: number) => begins.flatMap((begin, run) => (begin <= time && time < begin + runs.runTime[run] ? [run] : []))
  const shareAt = (time: number) => {
    const asked = (r: number) => aliveAt(time).reduce((sum, run) => sum + classes.request[r][runs.class[run]], 0)
    return Math.max(asked(0) / (8 + 2), asked(1) / (4 + 6))
  }
  let best = 0
  for (let time = 1; time <= trace.end; time++) if (shareAt(time) > shareAt(best)) best = time
  const priority = (run: number) => classes.priority[runs.class[run]]
  return aliveAt(best).sort((a, b) => priority(b) - priority(a) || begins[a] - begins[b] || a - b)
}

const task: fc.Arbitrary<SmallTask> = fc
  .record({
    cpu: fc.nat(4),
    memory: fc.nat(4),
    priority: fc.nat(2),
    at: fc.nat(30),
    run: fc.option(fc.nat(8), { nil: undefined, freq: 6 }),
    isPreplaced: fc.constantFrom(false, false, true),
    again: fc.array(fc.record({ gap: fc.nat(3), run: fc.nat(5) }), { maxLength: 2 }),
  })
  .map(({ isPreplaced, ...rest }) => ({ ...rest, ...(isPreplaced ? { preplaced: NONE } : {}) }))

test('the peak set is what is alive, had nobody waited, when the dominant share is first largest, in queue order', () => {
  fc.assert(
    fc.property(fc.array(task, { minLength: 1, maxLength: 14 }), (tasks) => {
      const trace = smallTrace({ machines, tasks, end: 25 })
      assert.deepEqual([...peakSet(trace)], peakSetPlainly(trace))
    }),
    { seed: 6, numRuns: 1500 },
  )
})

test('the scarcer resource says when the peak is', () => {
  const trace = smallTrace({
    machines: [{ cpu: 100, memory: 10 }],
    tasks: [
      { cpu: 60, memory: 1, at: 0, run: 10 },
      { cpu: 1, memory: 7, at: 20, run: 10 },
      { cpu: 1, memory: 1, at: 25, run: 10 },
    ],
    end: 100,
  })
  // 60 of 100 CPUs at 0; 7 of 10 of memory at 20 and 8 at 25.
  assert.deepEqual([...peakSet(trace)], [1, 2])
})

test('what ends at an instant is gone at it', () => {
  const tasks = [
    { cpu: 3, memory: 1, at: 0, run: 5 },
    { cpu: 2, memory: 1, at: 5, run: 5 },
  ]
  assert.deepEqual([...peakSet(smallTrace({ machines, tasks, end: 100 }))], [0])
})
