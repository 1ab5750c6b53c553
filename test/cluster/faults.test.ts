import assert from 'node:assert/strict'
import type { ChildProcess } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import type { V1Node, V1Pod } from '@kubernetes/client-node'
import { randomStream } from '../../sim/index.ts'
import { overAllocated } from '../extender/serve/over-allocated.ts'
import { cannotStart } from './control-plane.ts'
import { HTTP_TIMEOUT, until } from './extender-process.ts'
import { Meddler } from './meddler.ts'
import { type Cluster, onControlPlane } from './real-cluster.ts'

const MINOR = '1.36'
const skip = await cannotStart(MINOR)
const NODES = 16
/** 60 of 64 GPUs, half of them as two halves: room for all, and next to none for a mistake. */
const PODS = 90
const QUICK = ['--settle', '1s', '--expiry', '8s', '--grace', '2s', '--drift-every', '4s', '--drift-settle', '1s']

const allocatable = { cpu: '64', memory: '256Gi', pods: '110', 'nvidia.com/gpu': '4' }
const nodes: readonly V1Node[] = Array.from({ length: NODES }, (_, i) => ({
  metadata: { name: `node-${String(i).padStart(2, '0')}` },
  status: { allocatable, capacity: allocatable, conditions: [{ type: 'Ready', status: 'True' }] },
}))

function podOf(name: string, milli: number): V1Pod {
  const gpu: Record<string, string> = milli === 1000 ? { 'nvidia.com/gpu': '1' } : { 'stowage.dev/gpu-milli': String(milli) }
  const requests = { cpu: '1', memory: '1Gi', ...gpu }
  return {
    metadata: { name, namespace: 'default' },
    spec: { terminationGracePeriodSeconds: 0, containers: [{ name: 'c', image: 'none', resources: { requests, limits: gpu } }] },
  }
}

interface Scene extends Cluster {
  /** Between the extender and the API server, and between the scheduler and the extender. */
  readonly toServer: Meddler
  readonly toExtender: Meddler
  readonly throughExtender: string
  extender: ChildProcess
  readonly metric: (name: string) => Promise<number>
}

interface Fault {
  readonly name: string
  /** Happens once a third of the pods is bound; resolves when it is over. */
  readonly happens: (scene: Scene) => Promise<void>
}

const FAULTS: readonly Fault[] = [
  {
    name: 'killed, started again after 2 s',
    happens: async (scene) => {
      scene.extender.kill('SIGKILL')
      await pause(2000)
      scene.extender = await scene.startExtender(...QUICK)
    },
  },
  {
    name: `paused for ${HTTP_TIMEOUT + 3} s`,
    happens: async ({ extender }) => {
      extender.kill('SIGSTOP')
      await pause(1000 * (HTTP_TIMEOUT + 3))
      extender.kill('SIGCONT')
    },
  },
  {
    name: `answers after ${HTTP_TIMEOUT + 1} s, for 12 s`,
    happens: async ({ toExtender }) => {
      toExtender.delay = 1000 * (HTTP_TIMEOUT + 1)
      await pause(12_000)
      toExtender.delay = 0
    },
  },
  {
    name: 'cut off from the API server for 8 s, in silence',
    happens: async ({ toServer }) => {
      toServer.set('hang')
      await pause(8000)
      toServer.set('pass')
    },
  },
  {
    name: 'cut off from the API server for 8 s, refused',
    happens: async ({ toServer }) => {
      toServer.set('refuse')
      await pause(8000)
      toServer.set('pass')
    },
  },
  {
    name: 'watches stale, double and out of order for 8 s',
    happens: async ({ toServer }) => {
      const { meddled } = toServer
      toServer.set('meddle')
      await pause(8000)
      toServer.set('pass')
      assert.ok(toServer.meddled > meddled + 20, 'there was news to meddle with')
    },
  },
  {
    name: 'watches end with 410, five times',
    happens: async ({ toServer }) => {
      const { lists } = toServer
      for (let times = 0; times < 5; times++) {
        toServer.set('gone')
        toServer.set('pass')
        await pause(1000)
      }
      assert.ok(toServer.lists >= lists + 5, 'each time the pods are listed anew')
    },
  },
  { name: 'API server killed, started again after 2 s', happens: ({ restart }) => restart('apiserver', 2) },
  { name: 'etcd killed, started again after 2 s', happens: ({ restart }) => restart('etcd', 2) },
  {
    name: 'two schedulers for the same pods, from here on',
    happens: async ({ startScheduler, throughExtender }) => void (await startScheduler({ extender: throughExtender, second: true })),
  },
]

test('no fault loses a pod, places one twice or gives anything twice', { skip }, async (t) => {
  const rows: string[] = []
  await onControlPlane(MINOR, nodes, ['--packing', 'best-fit'], async (cluster) => {
    const random = randomStream(1, 'meddler')
    const { kubeconfig, core } = cluster
    const toServer = new Meddler(/server: "(.*)"/.exec(readFileSync(kubeconfig, 'utf8'))?.[1] ?? '', random)
    const toExtender = new Meddler(cluster.url, random)
    const behind = `${kubeconfig}-behind`
    writeFileSync(behind, readFileSync(kubeconfig, 'utf8').replace(/server: ".*", /, `server: "${await toServer.start()}", `))
    const startExtender = (...words: readonly string[]) => cluster.startExtender('--kubeconfig', behind, ...words)
    try {
      const throughExtender = await toExtender.start()
      const scene: Scene = {
        ...cluster,
        startExtender,
        toServer,
        toExtender,
        throughExtender,
        extender: await startExtender(...QUICK),
        metric: async (name) => {
          const text = await (await fetch(`${cluster.url}/metrics`)).text()
          return [...text.matchAll(new RegExp(`^${name}(?:\\{.*\\})? (\\S+)$`, 'gm'))].reduce((sum, [, value]) => sum + Number(value), 0)
        },
      }
      await cluster.startScheduler({ extender: throughExtender })
      rows.push(await emptied(scene))
      t.diagnostic(rows[0])
      await removeAll(core)
      for (const fault of FAULTS) {
        const { row, problems } = await undergo(scene, fault)
        rows.push(row)
        t.diagnostic(row)
        assert.deepEqual(problems, [], fault.name)
        await removeAll(core)
      }
    } finally {
      await Promise.all([toServer.stop(), toExtender.stop()])
    }
  })
  assert.equal(rows.length, FAULTS.length + 1)
})

async function removeAll(core: Scene['core']): Promise<void> {
  await core.deleteCollectionNamespacedPod({ namespace: 'default', gracePeriodSeconds: 0 })
  await until('all pods are gone', 30, async () => (await core.listNamespacedPod({ namespace: 'default' })).items.length === 0)
}

/**
 * A full cell is emptied while the extender hears nothing, and as many pods come. Refused, they would wait in kube-scheduler for the next
 * change in the cluster, and there is none: all that could help them has happened.
 */
async function emptied({ core, boundPods, metric, toServer }: Scene): Promise<string> {
  const fill = async (name: string) => {
    for (let i = 0; i < 4 * NODES; i++) await core.createNamespacedPod({ namespace: 'default', body: podOf(`${name}-${i}`, 1000) })
  }
  await fill('old')
  await until('the cell is full', 60, async () => (await boundPods()).size === 4 * NODES)
  await until('the extender knows', 60, async () => (await metric('stowage_pods_bound')) === 4 * NODES)
  const refused = async () => metric('stowage_decisions_total\\{outcome="no room"\\}')
  const before = await refused()
  toServer.set('hang')
  await removeAll(core)
  await fill('new')
  await pause(8000)
  assert.equal(await refused(), before, 'nobody was refused')
  toServer.set('pass')
  const over = performance.now()
  await until('the new pods are bound', 60, async () => (await boundPods()).size === 4 * NODES)
  return `emptied while cut off for 8 s: nobody refused, all ${4 * NODES} new pods ${((performance.now() - over) / 1000).toFixed(1)} s`
}

/** Pods come before, while and after it happens; all must be bound in the end, each to one node, and nothing given twice. */
async function undergo(scene: Scene, { name, happens }: Fault): Promise<{ readonly row: string; readonly problems: readonly string[] }> {
  const { core, boundPods, metric } = scene
  const prefix = name
    .replace(/[^a-z0-9]+/gi, '-')
    .toLowerCase()
    .slice(0, 30)
  /** Every node that a pod was ever seen on. */
  const seen = new Map<string, Set<string>>()
  const look = async () => {
    const bound = await boundPods()
    for (const [key, { spec }] of bound) seen.set(key, (seen.get(key) ?? new Set()).add(spec?.nodeName ?? ''))
    return bound
  }
  const create = async (from: number, to: number) => {
    for (let i = from; i < to; i++) {
      const body = podOf(`${prefix}-${String(i).padStart(3, '0')}`, i % 3 === 0 ? 1000 : 500)
      await tryFor(60, () => core.createNamespacedPod({ namespace: 'default', body }))
    }
  }
  await create(0, PODS / 3)
  await until('the first third is bound', 60, async () => (await look()).size >= PODS / 6)
  const coming = create(PODS / 3, (2 * PODS) / 3)
  await happens(scene)
  const over = performance.now()
  await coming
  // A pod that comes when it is over waits for no backoff of an earlier try.
  const probe = `${prefix}-probe`
  await tryFor(60, () => core.createNamespacedPod({ namespace: 'default', body: podOf(probe, 500) }))
  await until('the next pod is bound', 120, async () => (await look()).has(probe))
  const next = performance.now() - over
  await create((2 * PODS) / 3, PODS - 1)
  let bound = await look()
  for (const end = performance.now() + 90_000; performance.now() < end && bound.size < PODS; await pause(250)) bound = await look()
  const all = performance.now() - over
  const reserved = async () => metric('stowage_reservations')
  for (const end = performance.now() + 20_000; performance.now() < end && (await reserved()) > 0; await pause(250));
  const given = overAllocated(nodes as never, [...bound.values()] as never)
  const double = [...seen].filter(([, on]) => on.size > 1)
  const overfull = (await metric('stowage_overfull_nodes')) + (await metric('stowage_overfull_devices'))
  const drift = await metric('stowage_drift_total')
  const seconds = (time: number) => `${(time / 1000).toFixed(1)} s`
  return {
    row: `${name}: lost ${PODS - bound.size}, placed twice ${double.length}, given twice ${given.length}, drift ${drift}, next pod ${seconds(next)}, all ${PODS} pods ${seconds(all)}`,
    problems: [
      ...(bound.size === PODS ? [] : [`${PODS - bound.size} pods are not bound`]),
      ...double.map(([key]) => `${key} was seen on two nodes`),
      ...given,
      ...(overfull === 0 ? [] : ['the extender says that something is over-full']),
      ...(drift === 0 ? [] : [`${drift} nodes and pods had drifted`]),
      ...((await reserved()) === 0 ? [] : [`${await reserved()} reservations are left`]),
    ],
  }
}

/** While the API server is away, nobody can create pods. */
async function tryFor(seconds: number, act: () => Promise<unknown>): Promise<void> {
  for (const end = performance.now() + 1000 * seconds; ; await pause(250)) {
    try {
      await act()
      return
    } catch (error) {
      if ((error as { readonly code?: number }).code === 409) return
      if (performance.now() > end) throw error
    }
  }
}
