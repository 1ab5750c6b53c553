import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { loadKubernetes, objectsIn, sortObjects, translateCluster } from '../../workloads/index.ts'
import { podRequests } from '../../workloads/kubernetes/pod-requests.ts'
import { parseQuantity } from '../../workloads/kubernetes/quantity.ts'
import { cluster, node, pod } from '../extender/made-cluster.ts'
import { madeFolder } from './made-folder.ts'
import { rejectsWith } from './rejects-with.ts'

const NODES = `apiVersion: v1
kind: List
items:
- apiVersion: v1
  kind: Node
  metadata:
    name: a
    labels: {topology.kubernetes.io/zone: z1}
  status: {allocatable: {cpu: 3920m, memory: 8Gi, pods: "110"}}
---
kind: NodeList
items:
- metadata: {name: b}
  spec: {unschedulable: true, taints: [{key: k, effect: NoExecute}]}
  status: {allocatable: {cpu: "2", memory: 1e9, pods: 20, nvidia.com/gpu: "2"}}
---
`
const PODS = JSON.stringify({
  kind: 'List',
  items: [
    {
      kind: 'Pod',
      metadata: { name: 'late', creationTimestamp: '2026-02-01T00:00:00Z' },
      spec: { containers: [{ resources: { limits: { 'nvidia.com/gpu': 1 } } }] },
    },
    {
      kind: 'Pod',
      metadata: { name: 'early', namespace: 'x', creationTimestamp: '2026-01-01T00:00:00Z' },
      spec: { priorityClassName: 'system-node-critical' },
    },
    {
      kind: 'Pod',
      metadata: { name: 'there' },
      spec: { nodeName: 'b', containers: [{ resources: { requests: { cpu: '500m' } } }] },
      status: { phase: 'Running' },
    },
    { kind: 'Pod', metadata: { name: 'done' }, status: { phase: 'Succeeded' } },
    { kind: 'Pod', metadata: { name: 'lost' }, spec: { nodeName: 'gone' } },
    { kind: 'Pod', metadata: { name: 'gated' }, spec: { schedulingGates: [{ name: 'g' }] } },
    { kind: 'Deployment', metadata: { name: 'd' } },
  ],
})

test('a folder of YAML and JSON, lists and streams, becomes a cell as it stands', async () => {
  const folder = madeFolder({ 'nodes.yaml': NODES, 'deep/pods.json': PODS, 'notes.txt': 'not read' })
  const trace = await loadKubernetes(folder)
  assert.deepEqual(trace.machines.id, ['a', 'b'])
  assert.deepEqual(
    trace.resources.map(({ name }, r) => [name, ...trace.machines.capacity[r]]),
    [
      ['cpu', 3920, 2000],
      ['memory', 8 * 2 ** 30, 1e9],
      ['pods', 110, 20],
      ['gpu', 0, 2000],
    ],
  )
  assert.deepEqual(trace.jobs.id, ['default/there', 'x/early', 'default/late'])
  assert.deepEqual(
    [[...trace.runs.preplaced], [...trace.runs.machine]],
    [
      [1, 0, 0],
      [1, -1, -1],
    ],
  )
  assert.deepEqual(
    Array.from(trace.runs.class, (row) => trace.classes.priority[row]),
    [0, 2_000_001_000, 0],
  )
  assert.deepEqual([trace.classes.devices[trace.runs.class[2]], trace.classes.milli[trace.runs.class[2]]], [1, 1000])
  assert.ok(trace.machines.traits?.[1].closed)
  assert.deepEqual(trace.skipped, {
    'Deployment, which is no Node and no Pod': 1,
    'pod that has succeeded': 1,
    'pod on a node that is not there': 1,
    'pod with scheduling gates': 1,
  })
})

test('what is wrong is told with its file and line', async () => {
  const folder = madeFolder({
    'bad.yaml': 'kind: Node\nmetadata: {name: a\n',
    'words.yaml': '---\nkind: Node\n---\njust words\n',
    'kindless.yaml': 'metadata: {name: a}\n',
    'pods.yaml': 'kind: Pod\nmetadata: {name: p}\n',
    'amount.yaml':
      'kind: Node\nmetadata: {name: a}\n---\nkind: Pod\nmetadata: {name: p}\nspec: {containers: [{resources: {requests: {cpu: 1 core}}}]}\n',
  })
  await rejectsWith(loadKubernetes(`${folder}/bad.yaml`), folder, /^bad\.yaml:\d: /)
  await rejectsWith(
    loadKubernetes(`${folder}/words.yaml`),
    folder,
    'words.yaml:4: not an object: just words (YAML or JSON with apiVersion and kind would do)',
  )
  await rejectsWith(
    loadKubernetes(`${folder}/kindless.yaml`),
    folder,
    'kindless.yaml: an object without a kind: {"metadata":{"name":"a"}} (kubectl get -o yaml prints it)',
  )
  await rejectsWith(
    loadKubernetes(`${folder}/pods.yaml`),
    folder,
    'pods.yaml: no Node in it (kubectl get nodes,pods -A -o yaml prints what would do)',
  )
  await rejectsWith(
    loadKubernetes(`${folder}/amount.yaml`),
    folder,
    'Pod default/p: cpu: not an amount: 1 core (500m, 2, 1.5Gi or 1e9 would do)',
  )
})

test('JSON objects one after another, a line each, are a stream too', () => {
  assert.deepEqual(
    objectsIn('{"kind":"Node"}\n{"kind":"Pod"}\n', 'x').map(({ kind }) => kind),
    ['Node', 'Pod'],
  )
})

test('quantities are exact in thousandths, rounded up', () => {
  const cases = [
    ['500m', 500n],
    ['1500u', 2n],
    ['100n', 1n],
    ['0', 0n],
    ['1.5', 1500n],
    ['.5', 500n],
    ['2e3', 2_000_000n],
    ['1E', 10n ** 21n],
    ['1.5Gi', 3n * 2n ** 29n * 1000n],
    ['0.1Ki', 102_400n],
    [3, 3000n],
  ] as const
  for (const [text, milli] of cases) assert.equal(parseQuantity(text), milli, String(text))
  for (const text of ['', 'x', '1 Gi', '1kk', '--1', '1e', 'Ki', '1.2.3']) assert.equal(parseQuantity(text), null, text)
})

test('a quantity written in any suffix is that many thousandths, never less', () => {
  const suffixes = { m: [1n, 1000n], '': [1n, 1n], k: [1000n, 1n], Mi: [2n ** 20n, 1n], G: [10n ** 9n, 1n], u: [1n, 10n ** 6n] } as const
  fc.assert(
    fc.property(
      fc.nat(),
      fc.integer({ min: 0, max: 9999 }),
      fc.constantFrom(...(Object.keys(suffixes) as (keyof typeof suffixes)[])),
      (whole, fraction, suffix) => {
        const [times, over] = suffixes[suffix]
        const parsed = parseQuantity(`${whole}.${String(fraction).padStart(4, '0')}${suffix}`) ?? -1n
        const exact = (BigInt(whole) * 10_000n + BigInt(fraction)) * times * 1000n
        const unit = 10_000n * over
        assert.ok(parsed * unit >= exact && (parsed - 1n) * unit < exact)
      },
    ),
  )
})

const amounts = (cpu?: string, memory?: string) => ({ resources: { requests: { ...(cpu && { cpu }), ...(memory && { memory }) } } })
const MISSING = 200 * 2 ** 20

test('a pod requests the more of its containers and of its largest init step, with sidecars, and its overhead', () => {
  const containers = [amounts('1', '1'), amounts('2', '1')]
  assert.deepEqual(podRequests(pod('p', { containers })).request, { cpu: 3000, memory: 2 })
  const initContainers = [amounts('4', '1'), { ...amounts('500m', '5'), restartPolicy: 'Always' }, amounts('3', '3')]
  // With the sidecar: containers 3.5 and 7; init steps 4 and 1, then 3.5 and 8.
  assert.deepEqual(podRequests(pod('p', { containers, initContainers })).request, { cpu: 4000, memory: 8 })
  assert.deepEqual(podRequests(pod('p', { containers, overhead: { cpu: '10m' } })).request, { cpu: 3010, memory: 2 })
})

test('what a container does not say counts in scores, and not in room; an explicit 0 is said', () => {
  const { request, asked, placed } = podRequests(pod('p', { containers: [amounts('1'), amounts('0', '0'), {}] }))
  assert.deepEqual(request, { cpu: 1000, memory: 0 })
  assert.deepEqual(
    [asked, placed],
    [
      { cpu: 1100, memory: 2 * MISSING },
      { cpu: 1100, memory: 2 * MISSING },
    ],
  )
})

test('requests of the pod as a whole count for room and on the node, and not when it is scored', () => {
  const { request, asked, placed } = podRequests(pod('p', { containers: [amounts('1', '1')], resources: { requests: { cpu: '5' } } }))
  assert.deepEqual(request, { cpu: 5000, memory: 1 })
  assert.deepEqual(
    [asked, placed],
    [
      { cpu: 1000, memory: 1 },
      { cpu: 5000, memory: 1 },
    ],
  )
  const limited = podRequests(pod('p', { containers: [amounts('1')], resources: { limits: { cpu: '5', memory: '7' } } }))
  assert.deepEqual(limited.request, { cpu: 1000, memory: 7 })
})

test('nodes stand in the order of kube-scheduler: round the zones', () => {
  const zone = (name: string, z: string) => node(name, { 'topology.kubernetes.io/zone': z })
  const nodes = [zone('a1', 'a'), zone('a2', 'a'), zone('a3', 'a'), zone('b1', 'b'), node('none')]
  assert.deepEqual(translateCluster(cluster(nodes, []), 'x').machines.id, ['a1', 'b1', 'none', 'a2', 'a3'])
})

test('pods that a service selects are spread by default, unless they say how', () => {
  const services = [{ kind: 'Service', metadata: { name: 's' }, spec: { selector: { app: 'web' } } }]
  const own = { topologySpreadConstraints: [{ topologyKey: 'rack', maxSkew: 1, whenUnsatisfiable: 'DoNotSchedule', labelSelector: {} }] }
  const pods = [pod('plain'), pod('served', {}, { app: 'web' }), pod('says', own, { app: 'web' })]
  const { classes, runs } = translateCluster(cluster([node('a')], pods, { services }), 'x')
  const rules = Array.from(runs.class, (row) => classes.rules?.[row])
  assert.deepEqual(
    rules.map((one) => [one?.defaultSpread, one?.spread.length, one?.preferSpread.length]),
    [
      [false, 0, 0],
      [true, 0, 1],
      [false, 1, 0],
    ],
  )
})

test('more GPUs on a node than a machine has bits for are a plain amount', () => {
  const { resources, machines } = translateCluster(
    cluster([node('a', {}, {}, { 'nvidia.com/gpu': 40 })], [pod('p', {}, {}, { cpu: '1', memory: '1', 'nvidia.com/gpu': '40' } as never)]),
    'x',
  )
  assert.deepEqual(resources.map(({ name }, r) => [name, machines.capacity[r][0]]).at(-1), ['nvidia.com/gpu', 40])
  const few = translateCluster(
    cluster(
      [node('a', {}, {}, { 'nvidia.com/gpu': 2 })],
      [pod('p', {}, {}, { cpu: '1', memory: '1', 'stowage.dev/gpu-milli': '300' } as never)],
    ),
    'x',
  )
  assert.deepEqual([few.classes.devices[0], few.classes.milli[0]], [1, 300])
})

test('objects that are neither are counted, not read', () => {
  const sorted = sortObjects([{ kind: 'Node' }, { kind: 'Job' }, { kind: 'ReplicaSet' }])
  assert.deepEqual([sorted.nodes.length, sorted.pods.length, sorted.controllers.length], [1, 0, 1])
})
