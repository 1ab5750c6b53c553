import assert from 'node:assert/strict'
import { test } from 'node:test'
import { generatePods, KINDS, type Kind } from '../../extender/index.ts'

const request = (kinds: readonly Kind[], seed = 1) => ({ kinds, nodes: 30, pods: 200, seed })
const text = (kinds: readonly Kind[], seed = 1) => JSON.stringify(generatePods(request(kinds, seed)))

test('a seed gives one workload, another another', () => {
  assert.equal(text(KINDS), text(KINDS))
  assert.notEqual(text(KINDS), text(KINDS, 2))
})

test('pods stand in two namespaces only where terms choose among them', () => {
  const spaces = (kinds: readonly Kind[]) =>
    [...new Set(generatePods(request(kinds)).pods.map(({ namespace = 'default' }) => namespace))].sort()
  assert.deepEqual(spaces(['resources', 'pod-affinity', 'refinements']), ['default', 'kube-public'])
  assert.deepEqual(spaces(KINDS.filter((kind) => kind !== 'refinements')), ['default'])
})

test('what is not named is not used, and what is named is', () => {
  const marks: Readonly<Record<Exclude<Kind, 'resources'>, string>> = {
    gpus: 'nvidia.com/gpu',
    taints: 'PreferNoSchedule',
    'node-affinity': 'nodeAffinity',
    spread: 'topologySpreadConstraints',
    'pod-affinity': 'podAntiAffinity',
    priorities: 'priorityClassName',
    'ports-and-images': 'hostPort',
    'gpu-shares': 'stowage.dev/gpu-milli',
    refinements: 'version',
    budgets: 'minAvailable',
  }
  for (const [kind, mark] of Object.entries(marks)) {
    assert.ok(!text(['resources']).includes(mark), kind)
    assert.ok(text(['resources', kind as Kind]).includes(mark), kind)
  }
})
