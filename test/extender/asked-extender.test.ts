import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { ForcedScheduler, generatePods, mixOf, type RecordedDecision, recordingOf, replayRecording } from '../../extender/index.ts'
import { defaultProfile, kubeConstraint, overcommitPolicies, packingPolicies } from '../../policies/index.ts'
import { Allocator, Cell, NONE } from '../../sim/index.ts'
import { type Pod, translateCluster } from '../../workloads/index.ts'
import { cluster, node } from './made-cluster.ts'

const machine = (name: string, cpu: string) => ({ name, cpu, memory: '8Gi', pods: 10 })
const task = (name: string, cpu = '1') => ({ name, requests: { cpu, memory: '1Gi' } })

/** Two machines, of which worst-fit prefers `b` as long as more of it is free. */
function recording(decisions: readonly RecordedDecision[], packing = 'worst-fit') {
  const config = { apiVersion: 'kubescheduler.config.k8s.io/v1', kind: 'KubeSchedulerConfiguration' }
  const extender = { packing, mix: [] }
  const nodes = [machine('a', '4'), machine('b', '6')]
  const pods = [task('p'), task('q'), task('theirs', '4')]
  return recordingOf(
    { format: 'k8s-oracle/1', title: 't', scheduler: 'kube-scheduler v1.34.4', config, extender, nodes, pods, decisions },
    't',
  )
}

const differences = (decisions: readonly RecordedDecision[], packing?: string) =>
  replayRecording(recording(decisions, packing)).differences.map(({ pod, what }) => `${pod}: ${what}`)

test('the policy of the extender is what decides, not the scores of the scheduler', () => {
  const decided = [{ pod: 'p', node: 1 }]
  assert.deepEqual(differences(decided), [])
  assert.deepEqual(differences(decided, 'best-fit'), ['p: node'])
})

test('who others put there or take away counts from then on', () => {
  const came: RecordedDecision = { pod: 'theirs', node: 1, others: 'came' }
  const went: RecordedDecision = { pod: 'theirs', node: null, others: 'went' }
  assert.deepEqual(differences([came, { pod: 'p', node: 0 }]), [])
  assert.deepEqual(differences([came, { pod: 'p', node: 1 }]), ['p: node'])
  assert.deepEqual(differences([came, went, { pod: 'p', node: 1 }]), [])
})

test('what others did while a pod was decided may or may not have counted for it, and counts for the next', () => {
  const came: RecordedDecision = { pod: 'theirs', node: 1, others: 'came' }
  const during = 1
  assert.deepEqual(differences([{ pod: 'p', node: 1, during }, came, { pod: 'q', node: 0 }]), [])
  assert.deepEqual(differences([{ pod: 'p', node: 0, during }, came, { pod: 'q', node: 0 }]), [])
  assert.deepEqual(differences([{ pod: 'p', node: 1, during }, came, { pod: 'q', node: 1 }]), ['q: node'])
})

test('a recorded GPU is held against the one that the policy would give', () => {
  const gpu = { limits: { 'nvidia.com/gpu': '1' }, requests: { 'nvidia.com/gpu': '1' } }
  const content = {
    ...{ format: 'k8s-oracle/1', title: 't', scheduler: 'kube-scheduler v1.34.4', nodes: [{ ...machine('a', '4'), gpu: 2 }] },
    config: { apiVersion: 'kubescheduler.config.k8s.io/v1', kind: 'KubeSchedulerConfiguration' },
    ...{ extender: { packing: 'first-fit', mix: [] }, pods: [{ name: 'p', ...gpu }] },
  }
  const found = (devices: string) =>
    replayRecording(recordingOf({ ...content, decisions: [{ pod: 'p', node: 0, devices }] }, 't')).differences
  assert.deepEqual(found('0'), [])
  assert.deepEqual(found('1'), [{ pod: 'p', what: 'GPUs on a', recorded: '1', simulated: '0' }])
})

test('fgd that is told the work to come decides as over a trace that has it', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1e6 }), (seed) => {
      const { nodes, pods } = generatePods({ kinds: ['resources', 'gpus', 'gpu-shares'], nodes: 6, pods: 40, seed })
      const made = cluster(
        nodes.map(({ name, cpu, memory, gpu }) => node(name, {}, {}, { cpu, memory, ...(gpu && { 'nvidia.com/gpu': gpu }) })),
        pods.map(({ name, containers }): Pod => ({ kind: 'Pod', metadata: { name }, spec: { containers } })),
      )
      const trace = translateCluster(made, 'made')
      const told = new ForcedScheduler(trace, defaultProfile, { packing: 'fgd', mix: mixOf(trace) })
      const cell = new Cell(trace, overcommitPolicies.none, {}, kubeConstraint(defaultProfile))
      const plain = new Allocator(cell, packingPolicies.fgd, {}, { tie: 'lowest-id', seed: 1, scoreStep: 0 })
      for (let run = 0; run < trace.runs.count; run++) {
        const taskClass = trace.runs.class[run]
        const chosen = plain.choose(taskClass)
        assert.equal(told.decide(run).chosen, chosen)
        if (chosen === NONE) continue
        const devices = plain.devices(taskClass, chosen)
        assert.equal(told.devices(run, chosen), devices)
        cell.place(cell.tasks.add(run, taskClass, NONE, 0), chosen, devices)
        told.place(run, chosen)
      }
    }),
    { numRuns: 25 },
  )
})
