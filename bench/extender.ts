/**
 * How long filter takes with 5,000 names, over HTTP on loopback as kube-scheduler calls it: one request after another on one kept
 * connection, from another thread. Each pod is reserved, seen bound, and gone again later, so that the cell stays as full as it is.
 * `npm run bench:extender -- POLICY` prints what the server took, from the end of the request's body to the answer handed to the
 * kernel as Node tells them (so that nothing of ours measures itself), and what the client waited.
 */
import { channel } from 'node:diagnostics_channel'
import { Agent, type IncomingMessage, request } from 'node:http'
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'
import { createExtenderOn, type KubeApi, mixOf } from '../extender/index.ts'
import { parsePacking } from '../policies/index.ts'
import type { Trace } from '../sim/index.ts'
import { generateTrace, type Node, type Pod } from '../workloads/index.ts'

const NODES = 5000
const ALIVE = 6000
const WARM_UP = 2000
const CALLS = 5000

if (isMainThread) await serve(process.argv[2] ?? 'fgd')
else await ask(workerData as { readonly url: string; readonly names: readonly string[]; readonly pods: readonly Pod[] })

async function serve(packing: string): Promise<void> {
  const trace = generateTrace('openb', { machines: NODES })
  const nodes = Array.from({ length: NODES }, (_, m) => nodeOf(trace, m))
  const pods = Array.from({ length: ALIVE + WARM_UP + CALLS }, (_, i) => podOf(trace, i))
  const { policy, parameters } = parsePacking(packing)
  let version = NODES
  let news: Parameters<KubeApi['watch']>[0] | null = null
  const pulse = { isOpen: true, openedAt: 0, heardAt: Number.POSITIVE_INFINITY, renew: () => {} }
  const api: KubeApi = {
    pulses: { nodes: pulse, pods: pulse },
    list: async () => ({ nodes, pods: [], versions: { nodes: 0, pods: 0 } }),
    readPod: async () => null,
    bind: async () => {},
    watch: async (given) => {
      news = given
      for (const node of nodes) given.nodeChanged(node)
    },
    stop: async () => {},
  }
  const extender = await createExtenderOn(api, {
    policy,
    parameters,
    mix: mixOf(trace),
    mode: 'decide',
    tie: 'lowest-id',
    scoreStep: 0,
    seed: 1,
    listen: { host: '127.0.0.1', port: 0 },
    monitor: null,
    tls: null,
    letThrough: new Set(),
    mostScore: 10,
    expiry: 3_600_000,
    grace: 3_600_000,
    settle: 0,
    driftEvery: 0,
    driftSettle: 0,
    bodyLimit: 2 ** 24,
    requestTimeout: 10_000,
    logLevel: 'silent',
  })
  const [url] = await extender.start()
  const served = measureServer()
  const worker = new Worker(new URL(import.meta.url), { workerData: { url, names: nodes.map(({ metadata }) => metadata?.name), pods } })
  const times = await new Promise<readonly number[]>((resolve, reject) => {
    worker.on('error', reject)
    worker.on('message', ({ bound, gone, times: all }: { bound?: [number, string]; gone?: number; times?: readonly number[] }) => {
      if (bound) news?.podChanged(versioned({ ...pods[bound[0]], spec: { ...pods[bound[0]].spec, nodeName: bound[1] } }, ++version))
      if (gone !== undefined) news?.podGone(pods[gone])
      if (all) resolve(all)
    })
  })
  console.log(`${packing}, ${NODES} nodes, ${extender.state.all().length} pods there, ${times.length} calls of filter with ${NODES} names`)
  console.log(`the server takes: ${quantiles(served.slice(-CALLS))}`)
  console.log(`the client waits: ${quantiles(times)}`)
  await extender.stop()
}

/** Milliseconds of every request from now on, in their order. */
function measureServer(): readonly number[] {
  const times: number[] = []
  const began = new WeakMap<IncomingMessage, number>()
  channel('http.server.request.start').subscribe((message) => {
    const { request: asked } = message as { readonly request: IncomingMessage }
    asked.once('end', () => began.set(asked, performance.now()))
  })
  channel('http.server.response.finish').subscribe((message) => {
    const { request: asked } = message as { readonly request: IncomingMessage }
    times.push(performance.now() - (began.get(asked) ?? Number.NaN))
  })
  return times
}

function quantiles(times: readonly number[]): string {
  const sorted = [...times].sort((a, b) => a - b)
  const at = (share: number) => `${sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))].toFixed(2)} ms`
  return `p50 ${at(0.5)}, p90 ${at(0.9)}, p99 ${at(0.99)}, longest ${at(1)}`
}

async function ask({ url, names, pods }: { readonly url: string; readonly names: readonly string[]; readonly pods: readonly Pod[] }) {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const times: number[] = []
  for (const [i, pod] of pods.entries()) {
    const body = JSON.stringify({ Pod: pod, Nodes: null, NodeNames: names })
    const began = performance.now()
    const { NodeNames } = JSON.parse(await post(agent, `${url}/filter`, body))
    if (i >= ALIVE + WARM_UP) times.push(performance.now() - began)
    if (NodeNames.length > 0) parentPort?.postMessage({ bound: [i, NodeNames[0]] })
    if (i >= ALIVE) parentPort?.postMessage({ gone: i - ALIVE })
  }
  parentPort?.postMessage({ times })
  agent.destroy()
}

function post(agent: Agent, url: string, body: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }
    const sent = request(url, { method: 'POST', agent, headers }, (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (part) => {
        text += part
      })
      response.on('end', () => resolve(text))
    })
    sent.on('error', reject)
    sent.end(body)
  })
}

function nodeOf({ machines, models }: Trace, machine: number): Node {
  const allocatable = {
    cpu: `${machines.capacity[0][machine]}m`,
    memory: `${machines.capacity[1][machine]}Mi`,
    pods: '250',
    'nvidia.com/gpu': String(machines.devices[machine]),
  }
  const name = `worker-${String(machine).padStart(5, '0')}.cluster.internal`
  return { metadata: { name, labels: { 'nvidia.com/gpu.product': models[machines.model[machine]] } }, status: { allocatable } }
}

function podOf({ classes, runs }: Trace, i: number): Pod {
  const c = runs.class[i % runs.count]
  const share = classes.milli[c] < 1000
  const gpu: Record<string, string> =
    classes.devices[c] === 0
      ? {}
      : share
        ? { 'stowage.dev/gpu-milli': String(classes.milli[c]) }
        : { 'nvidia.com/gpu': String(classes.devices[c]) }
  const requests = { cpu: `${classes.request[0][c]}m`, memory: `${classes.request[1][c]}Mi`, ...gpu }
  return {
    metadata: { name: `pod-${i}`, namespace: 'default', uid: `uid-${i}` },
    spec: { containers: [{ name: 'main', image: 'registry.example/image:1', resources: { requests, limits: gpu } }] },
  }
}

function versioned(pod: Pod, version: number): Pod {
  return { ...pod, metadata: { ...pod.metadata, resourceVersion: String(version) } as Pod['metadata'] }
}
