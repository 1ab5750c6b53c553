import assert from 'node:assert/strict'
import { setTimeout as pause } from 'node:timers/promises'
import { pino } from 'pino'
import { Extender, type ExtenderOptions } from '../../../extender/serve/extender.ts'
import { kubeApi } from '../../../extender/serve/kube-api.ts'
import { parsePacking } from '../../../policies/index.ts'
import type { Node, Pod } from '../../../workloads/index.ts'
import { FakeApi } from './fake-api.ts'

/** A node with 8 CPUs, 32 GiB, 110 pods and so many GPUs. */
export function node(name: string, gpus = 4, allocatable = {}): Node {
  return {
    kind: 'Node',
    metadata: { name },
    status: { allocatable: { cpu: '8', memory: '32Gi', pods: '110', 'nvidia.com/gpu': String(gpus), ...allocatable } },
  }
}

/** A pod that asks for 1 CPU and so many thousandths of a GPU: a share of one, or whole ones. */
export function pod(name: string, milli = 0, over: { readonly uid?: string; readonly namespace?: string; readonly cpu?: string } = {}) {
  const { uid = `uid-${name}`, namespace = 'default', cpu = '1' } = over
  const gpu: Readonly<Record<string, string>> =
    milli === 0 ? {} : milli % 1000 === 0 ? { 'nvidia.com/gpu': String(milli / 1000) } : { 'stowage.dev/gpu-milli': String(milli) }
  const spec = { containers: [{ name: 'c', resources: { requests: { cpu, memory: '1Gi', ...gpu }, limits: gpu } }] }
  return { kind: 'Pod', metadata: { name, namespace, uid }, spec } satisfies Pod
}

export const DEFAULTS: Omit<ExtenderOptions, 'policy' | 'parameters'> = {
  mix: null,
  mode: 'decide',
  tie: 'lowest-id',
  scoreStep: 0,
  seed: 1,
  listen: { host: '127.0.0.1', port: 0 },
  monitor: null,
  tls: null,
  letThrough: new Set(['kube-system']),
  mostScore: 10,
  expiry: 60_000,
  grace: 2000,
  settle: 0,
  driftEvery: 0,
  driftSettle: 10,
  bodyLimit: 10 * 2 ** 20,
  requestTimeout: 2000,
  log: pino<string>({ level: process.env.LOG ?? 'silent' }),
}

export interface Served {
  readonly api: FakeApi
  readonly extender: Extender
  readonly url: string
  /** Empty where there is no second address. */
  readonly monitorUrl: string
  post(verb: string, body: unknown): Promise<{ readonly status: number; readonly body: Record<string, unknown> }>
  filter(pod: Pod, names: readonly string[]): Promise<FilterReply>
  get(path: string): Promise<{ readonly status: number; readonly text: string }>
}

export interface FilterReply {
  readonly NodeNames: readonly string[] | null
  readonly FailedNodes: Readonly<Record<string, string>>
  readonly FailedAndUnresolvableNodes: Readonly<Record<string, string>>
  readonly Error: string
}

/** Runs an extender against an API server of these nodes and pods, and ends both. */
export async function serving(
  {
    nodes,
    pods = [],
    packing = 'best-fit',
    ...options
  }: Partial<ExtenderOptions> & {
    readonly nodes: readonly Node[]
    readonly pods?: readonly Pod[]
    readonly packing?: string
  },
  use: (served: Served) => Promise<void>,
): Promise<void> {
  const api = new FakeApi()
  for (const one of nodes) api.put('nodes', one)
  for (const one of pods) api.put('pods', one)
  const { policy, parameters } = parsePacking(packing)
  const extender = new Extender(kubeApi(await api.start()), { ...DEFAULTS, policy, parameters, ...options })
  try {
    const [url, monitorUrl = ''] = await extender.start()
    await use(clientOf(api, extender, url, monitorUrl))
  } finally {
    await extender.stop()
    await api.stop()
  }
}

function clientOf(api: FakeApi, extender: Extender, url: string, monitorUrl: string): Served {
  const post: Served['post'] = async (verb, body) => {
    const response = await fetch(`${url}/${verb}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    return { status: response.status, body: (await response.json()) as Record<string, unknown> }
  }
  return {
    api,
    extender,
    url,
    monitorUrl,
    post,
    async filter(one, names) {
      const { status, body } = await post('filter', { Pod: one, Nodes: null, NodeNames: names })
      assert.equal(status, 200, JSON.stringify(body))
      return body as unknown as FilterReply
    },
    async get(path) {
      const response = await fetch(url + path)
      return { status: response.status, text: await response.text() }
    },
  }
}

/** Waits until it holds, at most 3 s. */
export async function until(what: string, holds: () => boolean): Promise<void> {
  for (let tries = 0; tries < 300; tries++) {
    if (holds()) return
    await pause(10)
  }
  assert.fail(`never: ${what}`)
}
