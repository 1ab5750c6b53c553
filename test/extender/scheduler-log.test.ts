import assert from 'node:assert/strict'
import { test } from 'node:test'
import { scoresIn } from '../../extender/scheduler-log.ts'

const line = (text: string) => `I1124 17:00:00.000000   12 schedule_one.go:982] ${text}\n`
const plugin = (pod: string, name: string, node: string, score: number) =>
  line(`"Plugin scored node for pod" pod="default/${pod}" plugin="${name}" node="${node}" score=${score}`)
const total = (pod: string, node: string, score: number) =>
  line(`"Calculated node's final score for pod" pod="default/${pod}" node="${node}" score=${score}`)

test('scores and sums are told by pod, plugin and node, in whatever order nodes come', () => {
  const text = [
    plugin('p', 'TaintToleration', 'b', 300),
    plugin('p', 'TaintToleration', 'a', 300),
    plugin('q', 'InterPodAffinity', 'a', -7),
    line('"Attempting to schedule pod" pod="default/p"'),
    total('p', 'a', 311),
    total('p', 'b', 312),
  ].join('')
  const found = scoresIn(text)
  assert.deepEqual([...found.keys()], ['default/p', 'default/q'])
  assert.deepEqual(Object.fromEntries(found.get('default/p')?.total ?? []), { a: 311, b: 312 })
  assert.deepEqual(Object.fromEntries(found.get('default/p')?.plugins.get('TaintToleration') ?? []), { b: 300, a: 300 })
  assert.equal(found.get('default/q')?.plugins.get('InterPodAffinity')?.get('a'), -7)
})

test('of two attempts the last one counts', () => {
  const text = [
    plugin('p', 'A', 'a', 1),
    plugin('p', 'A', 'b', 2),
    total('p', 'a', 1),
    total('p', 'b', 2),
    plugin('p', 'A', 'b', 5),
    total('p', 'b', 5),
  ]
  const found = scoresIn(text.join('')).get('default/p')
  assert.deepEqual(Object.fromEntries(found?.total ?? []), { b: 5 })
  assert.deepEqual(Object.fromEntries(found?.plugins.get('A') ?? []), { b: 5 })
})
