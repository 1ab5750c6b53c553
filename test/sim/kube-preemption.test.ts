import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ForcedScheduler } from '../../extender/index.ts'
import { defaultProfile } from '../../policies/index.ts'
import { type ClusterObjects, type Pod, translateCluster } from '../../workloads/index.ts'
import { cluster, node, pod } from '../extender/made-cluster.ts'

const filler = (name: string, on: string, priority: number, cpu = '4', app = '') =>
  pod(name, { nodeName: on, priority }, { app }, { cpu, memory: '1' })

/** Where room is made for a pod of 4 CPUs and priority 100, and for whose price; all nodes have 4. */
function evictionsOn(nodes: readonly string[], pods: readonly Pod[], rest: Partial<ClusterObjects> = {}, spec: Pod['spec'] = {}) {
  const asking = pod('asking', { priority: 100, ...spec }, {}, { cpu: '4', memory: '1' })
  const trace = translateCluster(
    cluster(
      nodes.map((name) => node(name)),
      [...pods, asking],
      rest,
    ),
    'x',
  )
  const scheduler = new ForcedScheduler(trace, defaultProfile)
  for (let run = 0; run < trace.runs.count; run++) if (trace.runs.preplaced[run]) scheduler.place(run, trace.runs.machine[run])
  const name = (run: number) => trace.jobs.id[run].slice('default/'.length)
  return scheduler
    .evictions(trace.jobs.id.indexOf('default/asking'))
    .cheapest.map(({ machine, victims }) => `${trace.machines.id[machine]}: ${victims.map(name).join(' ')}`)
}

test('the lowest highest priority goes, before the number of victims counts', () => {
  assert.deepEqual(evictionsOn(['a', 'b'], [filler('p', 'a', 50), filler('q', 'b', 10, '2'), filler('r', 'b', 10, '2')]), ['b: q r'])
})

test('then the lowest sum of priorities, so the fewest of equal ones', () => {
  assert.deepEqual(evictionsOn(['a', 'b'], [filler('p', 'a', 10, '2'), filler('o', 'a', 10, '2'), filler('q', 'b', 10)]), ['b: q'])
})

test('of equal victims those that started last go', () => {
  const pods = ['p', 'q', 'r'].map((name, i) => ({
    ...filler(name, name, 10),
    status: { startTime: `2026-01-01T00:00:0${[2, 9, 5][i]}Z` },
  }))
  assert.deepEqual(evictionsOn(['p', 'q', 'r'], pods), ['q: q'])
})

test('whoever need not go comes back, the more important first', () => {
  const pods = [filler('p', 'a', 10, '1'), filler('q', 'a', 20, '1')]
  assert.deepEqual(evictionsOn(['a'], pods, {}, { containers: [{ resources: { requests: { cpu: '3' } } }] }), ['a: p'])
})

test('equal and higher priorities stay, and who may not preempt takes from nobody', () => {
  assert.deepEqual(evictionsOn(['a', 'b'], [filler('p', 'a', 100), filler('q', 'b', 200)]), [])
  assert.deepEqual(evictionsOn(['a'], [filler('p', 'a', 10)], {}, { preemptionPolicy: 'Never' }), [])
})

test('nodes that are barred for good, or too small, are not looked at', () => {
  assert.deepEqual(
    evictionsOn(['a', 'b'], [filler('p', 'a', 10), filler('q', 'b', 20)], {}, { nodeSelector: { 'kubernetes.io/hostname': 'b' } }),
    ['b: q'],
  )
  assert.deepEqual(evictionsOn(['a'], [filler('p', 'a', 10)], {}, { containers: [{ resources: { requests: { cpu: '5' } } }] }), [])
})

test('a budget that allows no more weighs more than any priority', () => {
  const budget = (allowed: number) => ({
    budgets: [{ metadata: { name: 'b' }, spec: { selector: { matchLabels: { app: 'x' } } }, status: { disruptionsAllowed: allowed } }],
  })
  const pods = [filler('p', 'a', 10, '4', 'x'), filler('q', 'b', 90)]
  assert.deepEqual(evictionsOn(['a', 'b'], pods, budget(0)), ['b: q'])
  assert.deepEqual(evictionsOn(['a', 'b'], pods, budget(1)), ['a: p'])
  // Of two under it only one may go, so the one that is beyond it comes back first.
  const two = [filler('p', 'a', 10, '2', 'x'), filler('q', 'a', 20, '2', 'x')]
  assert.deepEqual(evictionsOn(['a'], two, budget(1), { containers: [{ resources: { requests: { cpu: '2' } } }] }), ['a: q'])
})

test('a budget without a selector, or with an empty one, is about nobody', () => {
  const pods = [filler('p', 'a', 10, '4', 'x'), filler('q', 'b', 90)]
  for (const selector of [undefined, {}])
    assert.deepEqual(
      evictionsOn(['a', 'b'], pods, { budgets: [{ metadata: { name: 'b' }, spec: { selector }, status: { disruptionsAllowed: 0 } }] }),
      ['a: p'],
    )
})

test('what a budget allows without its controller’s word follows from its bound pods', () => {
  const budgets = [{ metadata: { name: 'b' }, spec: { selector: { matchLabels: { app: 'x' } }, minAvailable: '50%' } }]
  const pods = [filler('p', 'a', 10, '4', 'x'), filler('r', 'c', 99, '4', 'x'), filler('q', 'b', 90)]
  assert.deepEqual(evictionsOn(['a', 'b', 'c'], pods, { budgets }), ['a: p'])
  assert.deepEqual(evictionsOn(['a', 'b', 'c'], pods, { budgets: [{ ...budgets[0], spec: { ...budgets[0].spec, minAvailable: 2 } }] }), [
    'b: q',
  ])
})

test('a budget that is not yet met allows nothing until more than it asks for are placed', () => {
  const spec = { selector: { matchLabels: { app: 'x' } }, minAvailable: 2 }
  const allowed = (bound: number, status?: object) => {
    const pods = Array.from({ length: 3 }, (_, i) => pod(`p${i}`, i < bound ? { nodeName: 'a' } : {}, { app: 'x' }))
    return translateCluster(cluster([node('a')], pods, { budgets: [{ metadata: { name: 'b' }, spec, status }] }), 'x').budgets[0].allowed
  }
  assert.deepEqual(
    [0, 1, 2, 3].map((bound) => allowed(bound)),
    [-2, -1, 0, 1],
  )
  assert.equal(allowed(3, { disruptionsAllowed: 0, currentHealthy: 1, desiredHealthy: 2 }), -1)
})

test('who is kept apart by another makes room by evicting it', () => {
  const apart = {
    podAntiAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: [
        { topologyKey: 'kubernetes.io/hostname', labelSelector: { matchLabels: { app: 'x' } } },
      ],
    },
  }
  const small = { affinity: apart, containers: [{ resources: { requests: { cpu: '1' } } }] }
  assert.deepEqual(evictionsOn(['a'], [filler('p', 'a', 10, '1', 'x'), filler('q', 'a', 5, '1')], {}, small), ['a: p'])
})
