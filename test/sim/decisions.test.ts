import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Decision, decisionObserver, decisions, Simulation, simulate } from '../../sim/index.ts'
import { options } from './policies-for-tests.ts'
import { smallTrace } from './small-trace.ts'

const trace = smallTrace({
  machines: [
    { cpu: 4, memory: 4 },
    { cpu: 4, memory: 4 },
  ],
  tasks: Array.from({ length: 30 }, (_, i) => ({ cpu: 1 + (i % 4), memory: 1 + (i % 3), at: i, run: 5 + (i % 7), priority: i % 5 })),
  events: [{ at: 12, kind: 'remove', machine: 1 }],
  end: 200,
})
const choices = options('best-fit', { preemption: 'borg' })

test('the sequence of decisions is what simulate does', () => {
  const told: Decision[] = []
  simulate(trace, choices, (run) => (run instanceof Simulation ? [decisionObserver(run, (decision) => told.push(decision))] : []))
  assert.deepEqual([...decisions(trace, choices)], told)
  assert.deepEqual(new Set(told.map(({ kind }) => kind)), new Set(['place', 'end', 'evict', 'wait']))
})

test('stopping early is fine, and what came so far is the beginning of the whole', () => {
  const whole = [...decisions(trace, choices)]
  const some: Decision[] = []
  for (const decision of decisions(trace, choices)) {
    some.push(decision)
    if (some.length === 7) break
  }
  assert.deepEqual(some, whole.slice(0, 7))
  assert.deepEqual([...decisions(trace, choices)], whole)
})
