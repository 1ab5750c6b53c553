import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ForcedScheduler } from '../../extender/index.ts'
import { defaultProfile, ignoreResources, type KubeProfile } from '../../policies/index.ts'
import { NONE } from '../../sim/index.ts'
import { type Node, type Pod, translateCluster } from '../../workloads/index.ts'
import { cluster, node, pod } from '../extender/made-cluster.ts'

function schedulerOf(nodes: readonly Node[], pods: readonly Pod[], over: Partial<KubeProfile> = {}) {
  const trace = translateCluster(cluster(nodes, pods), 'x')
  return { trace, scheduler: new ForcedScheduler(trace, { ...defaultProfile, ...over }) }
}

const many = (count: number) => Array.from({ length: count }, (_, i) => node(`n${String(i).padStart(4, '0')}`))

test('below a hundred nodes all are compared, above only as many as kube-scheduler would', () => {
  // Only the most free of all is best; it is the last, where a scheduler that stops early does not look.
  const looksAt = (count: number, percentage: number) => {
    const nodes = many(count)
    const roomy = node('roomy', {}, {}, { cpu: '400', memory: '800Gi' })
    const { trace, scheduler } = schedulerOf([...nodes, roomy], [pod('p')], { percentageOfNodesToScore: percentage })
    return trace.machines.id[scheduler.decide(0).chosen] === 'roomy'
  }
  assert.ok(looksAt(98, 0))
  assert.ok(!looksAt(200, 0))
  assert.ok(looksAt(200, 100))
  assert.ok(!looksAt(500, 50))
})

test('each decision looks on from where the last one stopped', () => {
  const nodes = many(250)
  const { trace, scheduler } = schedulerOf(nodes, [pod('p'), pod('q'), pod('r')], { percentageOfNodesToScore: 40 })
  const chosen = [0, 1, 2].map((run) => scheduler.decide(run).chosen)
  // All nodes are equal, so the first looked at is chosen: 100 are looked at each time, and the third goes round.
  assert.deepEqual(
    chosen.map((row) => trace.machines.id[row]),
    ['n0000', 'n0100', 'n0200'],
  )
})

test('messages count reasons as kube-scheduler does, the first filter that refuses on each node', () => {
  const nodes = [
    node('full', {}, {}, { cpu: '500m', memory: '1' }),
    node('closed', {}, { unschedulable: true }),
    node('tainted', {}, { taints: [{ key: 'k', effect: 'NoSchedule' }] }),
  ]
  const { scheduler } = schedulerOf(nodes, [pod('p')])
  assert.equal(
    scheduler.message(0),
    '0/3 nodes are available: 1 Insufficient cpu, 1 Insufficient memory, 1 node(s) had untolerated taint(s), 1 node(s) were unschedulable.',
  )
  assert.equal(scheduler.decide(0).chosen, NONE)
})

test('host ports collide by number and protocol, and by address unless one is every address', () => {
  const wants = (hostPort: number, over = {}) => ({ containers: [{ ports: [{ hostPort, ...over }] }] })
  const pods = [
    pod('holds', wants(80, { hostIP: '10.0.0.1' })),
    pod('same', wants(80)),
    pod('elsewhere', wants(80, { hostIP: '10.0.0.2' })),
    pod('udp', wants(80, { protocol: 'UDP' })),
    pod('other', wants(81)),
  ]
  const { trace, scheduler } = schedulerOf([node('a')], pods)
  scheduler.place(0, 0)
  assert.deepEqual(
    trace.jobs.id.slice(1).map((_, i) => scheduler.fits(i + 1, 0)),
    [false, true, true, true],
  )
  scheduler.release(0)
  assert.ok(scheduler.fits(1, 0))
})

test('resources that a profile leaves to others are asked of nobody', () => {
  const asks = pod('p', {}, {}, { cpu: '1', memory: '1', 'a.com/x': '5', 'nvidia.com/gpu': '1' } as never)
  const { trace } = schedulerOf([node('a')], [asks])
  const fits = (ignoredResources: readonly string[]) =>
    new ForcedScheduler(trace, { ...defaultProfile, fit: { ...defaultProfile.fit, ignoredResources } }).fits(0, 0)
  assert.ok(!fits([]) && !fits(['a.com/x']) && fits(['a.com/x', 'nvidia.com/gpu']))
  assert.equal(ignoreResources(trace, defaultProfile.fit), trace)
})

test('what a decision looked at is not changed by looking: asking twice scores the same', () => {
  const { scheduler } = schedulerOf(many(3), [pod('p'), pod('q')])
  scheduler.place(0, 1)
  const [first, second] = [scheduler.decide(1), scheduler.decide(1)]
  assert.deepEqual(first, second)
})
