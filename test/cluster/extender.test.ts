import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { V1Node, V1Pod } from '@kubernetes/client-node'
import { overcommitPolicies, packingPolicies } from '../../policies/index.ts'
import { Allocator, Cell, NONE, type Trace } from '../../sim/index.ts'
import { openTrace } from '../../workloads/index.ts'
import { cannotStart, SHARED } from './control-plane.ts'
import { until } from './extender-process.ts'
import { type Cluster, onControlPlane } from './real-cluster.ts'

const OPENB = join(SHARED, 'traces/alibaba-gpu-v2023')
const PODS = Number(process.env.STOWAGE_PODS ?? 3000)

const podName = (run: number) => `pod-${String(run).padStart(5, '0')}`

function nodeOf(trace: Trace, machine: number): V1Node {
  const { machines } = trace
  const name = machines.id[machine]
  const allocatable = {
    cpu: `${machines.capacity[0][machine]}m`,
    memory: `${machines.capacity[1][machine]}Mi`,
    pods: '1000',
    'nvidia.com/gpu': String(machines.devices[machine]),
  }
  const labels = { 'kubernetes.io/hostname': name, 'nvidia.com/gpu.product': trace.models[machines.model[machine]] }
  return { metadata: { name, labels }, status: { allocatable, capacity: allocatable, conditions: [{ type: 'Ready', status: 'True' }] } }
}

function podOf(trace: Trace, run: number): V1Pod {
  const { classes, runs, models } = trace
  const c = runs.class[run]
  const gpu: Record<string, string> =
    classes.devices[c] === 0
      ? {}
      : classes.milli[c] < 1000
        ? { 'stowage.dev/gpu-milli': String(classes.milli[c]) }
        : { 'nvidia.com/gpu': String(classes.devices[c]) }
  const requests = { cpu: `${classes.request[0][c]}m`, memory: `${classes.request[1][c]}Mi`, ...gpu }
  const allowed = classes.models[c]?.map((model) => models[model])
  const nodeSelectorTerms = [{ matchExpressions: [{ key: 'nvidia.com/gpu.product', operator: 'In', values: allowed }] }]
  return {
    metadata: { name: podName(run), namespace: 'default' },
    spec: {
      containers: [{ name: 'c', image: 'none', resources: { requests, limits: gpu } }],
      ...(allowed && { affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } } } }),
    },
  }
}

/** Where the simulator puts the first pods of the trace, one after another. */
function simulated(trace: Trace): readonly string[] {
  const cell = new Cell(trace, overcommitPolicies.none, {})
  const allocator = new Allocator(cell, packingPolicies.fgd, {}, { tie: 'lowest-id', seed: 1, scoreStep: 0 })
  return Array.from({ length: PODS }, (_, row) => {
    const taskClass = trace.runs.class[row]
    const machine = allocator.choose(taskClass)
    if (machine === NONE) return ''
    cell.place(cell.tasks.add(row, taskClass, NONE, 0), machine, allocator.devices(taskClass, machine))
    return trace.machines.id[machine]
  })
}

/** A control plane with the first of OpenB's GPU machines as nodes. */
async function onOpenb(minor: string, nodes: number, use: (cluster: Cluster, trace: Trace) => Promise<void>): Promise<void> {
  const trace = await openTrace(OPENB, { machinesFile: 'openb_node_list_gpu_node.csv' })
  assert.equal(trace.machines.count, 1213)
  const bodies = Array.from({ length: nodes }, (_, m) => nodeOf(trace, m))
  await onControlPlane(minor, bodies, ['--packing', 'fgd', '--mix', OPENB], (cluster) => use(cluster, trace))
}

for (const minor of ['1.36', '1.34']) {
  const skip = existsSync(OPENB) ? await cannotStart(minor) : `SKIPPED: ${OPENB} is not there`

  test(`kube-scheduler ${minor} with the extender places ${PODS} OpenB pods on 1,213 machines as the simulator does`, { skip }, (t) =>
    onOpenb(minor, 1213, async ({ core, url, startExtender, startScheduler, boundPods }, trace) => {
      await startExtender('--settle', '0s')
      await startScheduler()
      const began = performance.now()
      for (let row = 0; row < PODS; row++) await core.createNamespacedPod({ namespace: 'default', body: podOf(trace, row) })
      const expected = simulated(trace)
      const toPlace = expected.filter((name) => name !== '').length
      let placed = await boundPods()
      await until('all pods with room are bound', 300, async () => {
        placed = await boundPods()
        return placed.size >= toPlace
      })
      const seconds = (performance.now() - began) / 1000
      const differing = expected.flatMap((name, row) => {
        const actual = placed.get(podName(row))?.spec?.nodeName ?? ''
        return actual === name ? [] : [`${podName(row)}: ${actual} in the cluster, ${name} in the simulator`]
      })
      assert.deepEqual(differing, [])
      assertDevices(trace, placed)
      const metrics = await (await fetch(`${url}/metrics`)).text()
      assert.match(metrics, new RegExp(`stowage_decisions_total\\{outcome="placed"\\} ${toPlace}\n`))
      assert.match(metrics, /stowage_overfull_devices 0\n/)
      await until('nothing is reserved any more', 10, async () =>
        (await (await fetch(`${url}/metrics`)).text()).includes('stowage_reservations 0\n'),
      )
      t.diagnostic(`${toPlace} pods equal, ${(toPlace / seconds).toFixed(0)} pods/s with their creation`)
    }),
  )

  test(`on ${minor} an extender that is killed in the middle and started again loses no pod and gives no device twice`, { skip }, (t) =>
    onOpenb(minor, 150, async ({ core, url, startExtender, startScheduler, boundPods }, trace) => {
      const pods = 300
      const child = await startExtender('--settle', '0s')
      await startScheduler()
      const create = async () => {
        for (let row = 0; row < pods; row++) await core.createNamespacedPod({ namespace: 'default', body: podOf(trace, row) })
      }
      const creating = create()
      await until('a third is bound', 60, async () => (await boundPods()).size >= pods / 3)
      child.kill('SIGKILL')
      const killed = performance.now()
      const before = (await boundPods()).size
      assert.ok(before < pods, 'it was killed before the end')
      await startExtender('--settle', '1s')
      const ready = performance.now()
      await until('another pod is bound', 60, async () => (await boundPods()).size > before)
      const again = performance.now()
      await creating
      let placed = await boundPods()
      await until('all pods are bound', 120, async () => {
        placed = await boundPods()
        return placed.size === pods
      })
      assertDevices(trace, placed)
      const metrics = await (await fetch(`${url}/metrics`)).text()
      for (const name of ['stowage_overfull_devices', 'stowage_overfull_nodes']) assert.match(metrics, new RegExp(`${name} 0\n`))
      const since = (from: number, to: number) => `${((to - from) / 1000).toFixed(1)} s`
      t.diagnostic(`killed at ${before} of ${pods}; ready after ${since(killed, ready)}, the next pod bound ${since(ready, again)} later`)
    }),
  )
}

/** No device of any node holds more than itself, by the annotations that are on the pods. */
function assertDevices(trace: Trace, placed: ReadonlyMap<string, V1Pod>): void {
  const held = new Map<string, number>()
  for (const [name, { spec, metadata }] of placed) {
    const taskClass = trace.runs.class[Number(name.slice(4))]
    if (trace.classes.devices[taskClass] === 0) continue
    const devices = metadata?.annotations?.['stowage.dev/gpu-devices']?.split(',') ?? []
    assert.equal(devices.length, trace.classes.devices[taskClass], name)
    for (const device of devices) {
      const key = `${spec?.nodeName}/${device}`
      held.set(key, (held.get(key) ?? 0) + trace.classes.milli[taskClass])
    }
  }
  assert.deepEqual(
    [...held].filter(([, milli]) => milli > 1000),
    [],
  )
}
