/**
 * Pods a second of a real kube-scheduler: without an extender, with one that answers the first name it is given, and with ours in mode
 * `decide` with fgd, turn by turn. The pods wait before the scheduler is started; the rate is from the first bind to the last, as a
 * watch sees them.
 * `npm run bench:throughput -- --nodes 500 --percentage 100 --pods 500 --runs 5`; percentage 0 is kube-scheduler's own.
 */
import { spawn } from 'node:child_process'
import { createServer } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { KubeConfig, makeInformer, type V1Node, type V1Pod } from '@kubernetes/client-node'
import { until } from './extender-process.ts'
import { type Cluster, onControlPlane } from './real-cluster.ts'

const { values } = parseArgs({
  options: {
    nodes: { type: 'string', default: '500' },
    percentage: { type: 'string', default: '100' },
    pods: { type: 'string', default: '500' },
    runs: { type: 'string', default: '5' },
    trivial: { type: 'string' },
  },
})
const PODS = Number(values.pods)
const TRIVIAL = 27_100
const ASKS = [
  { 'stowage.dev/gpu-milli': '250' },
  { 'stowage.dev/gpu-milli': '500' },
  { 'nvidia.com/gpu': '1' },
  { 'nvidia.com/gpu': '2' },
  {},
]
const KINDS = ['none', 'trivial', 'ours'] as const
type Kind = (typeof KINDS)[number]

if (values.trivial) serveTrivial(Number(values.trivial))
else await measure()

/** As little as an extender can do: reads the request, answers its first name. */
function serveTrivial(port: number): void {
  createServer({ keepAliveTimeout: 120_000 }, (request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part) => parts.push(part))
    request.on('end', () => {
      const { NodeNames } = JSON.parse(Buffer.concat(parts).toString())
      const body = JSON.stringify({ NodeNames: NodeNames.slice(0, 1) })
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length }).end(body)
    })
  }).listen(port, '127.0.0.1')
}

async function measure(): Promise<void> {
  const allocatable = { cpu: '96', memory: '512Gi', pods: '110', 'nvidia.com/gpu': '8' }
  const nodes: readonly V1Node[] = Array.from({ length: Number(values.nodes) }, (_, i) => ({
    metadata: { name: `worker-${String(i).padStart(5, '0')}.cluster.internal` },
    status: { allocatable, capacity: allocatable, conditions: [{ type: 'Ready', status: 'True' }] },
  }))
  const trivial = spawn(process.execPath, [fileURLToPath(import.meta.url), '--trivial', String(TRIVIAL)], { stdio: 'inherit' })
  const rates: Record<Kind, number[]> = { none: [], trivial: [], ours: [] }
  try {
    await onControlPlane('1.36', nodes, ['--packing', 'fgd', '--mix', 'openb', '--settle', '0s'], async (cluster) => {
      await cluster.startExtender()
      // The first round only warms up.
      for (const kind of KINDS) await rateOf(cluster, kind, -1)
      const before = await filterTime(cluster.url)
      for (let round = 0; round < Number(values.runs); round++)
        // Who comes first changes, so that nobody always follows the same one.
        for (let turn = 0; turn < KINDS.length; turn++) {
          const kind = KINDS[(round + turn) % KINDS.length]
          rates[kind].push(await rateOf(cluster, kind, round))
        }
      const after = await filterTime(cluster.url)
      const [seconds, calls] = [after.seconds - before.seconds, after.calls - before.calls]
      console.log(`our filter: ${((1000 * seconds) / calls).toFixed(2)} ms in the mean of ${calls} calls`)
    })
  } finally {
    trivial.kill('SIGTERM')
  }
  const middle = (all: readonly number[]) => [...all].sort((a, b) => a - b)[all.length >> 1]
  const median = (kind: Kind) => middle(rates[kind])
  const share = values.percentage === '0' ? 'its own percentage' : `${values.percentage} %`
  console.log(`${values.nodes} nodes, ${share} of them scored, ${PODS} pods, ${values.runs} runs each, pods a second:`)
  for (const kind of KINDS)
    console.log(
      `${kind}: median ${median(kind).toFixed(0)}, ${Math.min(...rates[kind]).toFixed(0)} to ${Math.max(...rates[kind]).toFixed(0)}`,
    )
  const ratios = rates.ours.map((rate, i) => rate / rates.trivial[i]).sort((a, b) => a - b)
  const ratio = `${(median('ours') / median('trivial')).toFixed(2)} (run by run ${middle(ratios).toFixed(2)}, ${ratios[0].toFixed(2)} to ${ratios.at(-1)?.toFixed(2)})`
  console.log(`ours / trivial ${ratio}, ours / none ${(median('ours') / median('none')).toFixed(2)}`)
}

async function rateOf(cluster: Cluster, kind: Kind, round: number): Promise<number> {
  const { core, kubeconfig, startScheduler, stopScheduler } = cluster
  await stopScheduler()
  const names = Array.from({ length: PODS }, (_, i) => `${kind}-${round + 1}-${i}`)
  for (let i = 0; i < PODS; i += 20)
    await Promise.all(names.slice(i, i + 20).map((name, k) => core.createNamespacedPod({ namespace: 'default', body: podOf(name, i + k) })))
  const config = new KubeConfig()
  config.loadFromFile(kubeconfig)
  const times = new Map<string, number>()
  const watch = makeInformer<V1Pod>(config, '/api/v1/pods', () => core.listPodForAllNamespaces())
  watch.on('update', ({ metadata, spec }) => {
    if (spec?.nodeName && !times.has(metadata?.name ?? '')) times.set(metadata?.name ?? '', performance.now())
  })
  await watch.start()
  const extender = { none: null, trivial: `http://127.0.0.1:${TRIVIAL}`, ours: cluster.url }[kind]
  await startScheduler({ extender, verbs: ['filter'], percentage: Number(values.percentage) })
  await until(`${PODS} pods are bound, ${kind}`, 120, async () => times.size === PODS)
  await watch.stop()
  await core.deleteCollectionNamespacedPod({ namespace: 'default', gracePeriodSeconds: 0 })
  await until('all pods are gone', 60, async () => (await core.listNamespacedPod({ namespace: 'default' })).items.length === 0)
  await pause(500)
  const all = [...times.values()]
  return (1000 * (PODS - 1)) / (Math.max(...all) - Math.min(...all))
}

function podOf(name: string, i: number): V1Pod {
  const gpu = ASKS[i % ASKS.length] as Readonly<Record<string, string>>
  return {
    metadata: { name, namespace: 'default' },
    spec: {
      terminationGracePeriodSeconds: 0,
      containers: [{ name: 'c', image: 'none', resources: { requests: { cpu: '4', memory: '8Gi', ...gpu }, limits: gpu } }],
    },
  }
}

async function filterTime(url: string): Promise<{ readonly seconds: number; readonly calls: number }> {
  const text = await (await fetch(`${url}/metrics`)).text()
  const read = (what: string) =>
    Number(new RegExp(`^stowage_request_seconds_${what}\\{verb="filter",status="200"\\} (\\S+)$`, 'm').exec(text)?.[1])
  return { seconds: read('sum'), calls: read('count') }
}
