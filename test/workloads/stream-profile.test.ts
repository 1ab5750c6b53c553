import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Decision, decisionObserver, simulate } from '../../sim/index.ts'
import { generateTrace, streamProfile } from '../../workloads/index.ts'
import { options } from '../sim/policies-for-tests.ts'

for (const [name, settings, preemption] of [
  ['google-2011', { machines: 60, days: 0.2, seed: 3 }, 'borg'],
  ['google-2011', { machines: 40, days: 0.1, seed: 4, target: 1.3 }, 'none'],
  ['openb', { machines: 60, days: 20, seed: 1 }, 'none'],
] as const) {
  test(`drawn while it is simulated or beforehand, a workload is the same run for run: ${name}, ${JSON.stringify(settings)}`, () => {
    const told = [generateTrace(name, settings), streamProfile(name, settings)].map((input) => {
      const decisions: Decision[] = []
      const { result } = simulate(input, options('best-fit', { preemption, check: false }), (run) =>
        'allocator' in run ? [decisionObserver(run, (decision) => decisions.push(decision))] : [],
      )
      return { decisions, result }
    })
    assert.ok(told[0].decisions.length > 500)
    assert.deepEqual(told[1], told[0])
  })
}

test('all that admission is told of a job is known before its first run comes', () => {
  const settings = { machines: 40, days: 0.1, seed: 2 }
  const trace = generateTrace('google-2011', settings)
  const { workload } = streamProfile('google-2011', settings)
  const { id, ...jobs } = trace.jobs
  assert.deepEqual(workload.jobs, jobs)
  assert.deepEqual(workload.classes, trace.classes)
  assert.deepEqual([workload.tasks.count, workload.runs.count], [trace.tasks.count, trace.runs.count])
  assert.deepEqual(workload.counts, trace.counts)
})
