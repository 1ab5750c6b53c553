import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { type RecordedDecision, type Recording, readRecording, replayRecording } from '../../extender/index.ts'

const FOLDER = fileURLToPath(new URL('../../../shared/reference/kube-decisions', import.meta.url))
const skip = existsSync(FOLDER) ? false : `${FOLDER} is not there`
const read = (name: string) => readRecording(`${FOLDER}/${name}.json`)

/** Decisions, and scores of nodes by plugins, in each recording of the two versions. */
const RECORDED: Readonly<Record<string, Readonly<Record<string, readonly [decisions: number, scores: number]>>>> = {
  'v1.34.4': {
    a: [100, 10000],
    b: [200, 43295],
    c: [90, 2150],
    d1: [110, 10925],
    d2: [110, 8895],
    d3: [110, 11200],
    e1: [110, 8385],
    e2: [110, 12075],
    f: [115, 2280],
    f_sync: [115, 2240],
    g: [130, 7402],
    h: [100, 4514],
    i: [150, 11115],
    j: [150, 16692],
    k: [120, 10185],
  },
  'v1.36.3': {
    a: [100, 10000],
    b: [200, 43720],
    c: [90, 2235],
    d1: [110, 10965],
    d2: [110, 8880],
    d3: [110, 11220],
    e1: [110, 8375],
    e2: [110, 12065],
    f: [115, 2190],
    g: [130, 7414],
    h: [100, 4504],
    i: [150, 11125],
    j: [150, 16734],
    k: [120, 10195],
  },
}

for (const [version, recordings] of Object.entries(RECORDED)) {
  test(`every decision of kube-scheduler ${version} is the simulator's: scores, nodes, messages, victims`, { skip }, async () => {
    for (const [name, [decisions, scores]] of Object.entries(recordings)) {
      const found = replayRecording(await read(`${version}/${name}`))
      assert.deepEqual(found.differences, [], name)
      assert.deepEqual([found.decisions, found.scores], [decisions, scores], name)
      // From 1.35 on the node among equals is no matter of chance.
      if (version === 'v1.36.3') assert.equal(found.tiesEqual, found.ties, name)
    }
  })
}

test('of attempts that are repeated while victims go, two cannot be told from the recording', { skip }, async () => {
  const f2 = replayRecording(await read('v1.34.4/f2'))
  const sync = replayRecording(await read('v1.34.4/f2_sync'))
  assert.deepEqual([f2.placed + f2.unschedulable, sync.placed + sync.unschedulable], [696, 654])
  // When pods that were bound at a second attempt started, the recordings do not tell; it decides between equal victims.
  assert.deepEqual(
    f2.differences.map(({ pod, what }) => `${pod}: ${what}`),
    ['p097: victims'],
  )
  assert.deepEqual(
    sync.differences.map(({ pod, what }) => `${pod}: ${what}`),
    ['p094: node where room is made'],
  )
})

/** Recorded by `stowage crosscheck --record` from a running scheduler: combinations that the other recordings lack. */
const OURS = fileURLToPath(new URL('recordings', import.meta.url))

test('rules of every kind together, and preemption among them, are decided as a running scheduler did', async () => {
  const all = replayRecording(await readRecording(`${OURS}/all-kinds-1.36.json`))
  assert.deepEqual(all.differences, [])
  assert.deepEqual([all.placed, all.unschedulable, all.preemptions, all.scores], [131, 19, 3, 11858])
  const overfull = replayRecording(await readRecording(`${OURS}/overfull-1.36.json`))
  assert.deepEqual(overfull.differences, [])
  assert.deepEqual([overfull.placed, overfull.unschedulable, overfull.preemptions, overfull.scores], [129, 71, 9, 3177])
})

test('budgets, domains, label keys and namespace selectors are heeded as a running scheduler did', async () => {
  const expected: Readonly<Record<string, readonly [placed: number, unschedulable: number, preemptions: number, scores: number]>> = {
    'budgets-1.36': [115, 45, 25, 1985],
    'refinements-1.36': [119, 1, 0, 11997],
    'ten-kinds-1.36': [125, 25, 8, 3734],
    'two-namespaces-1.36': [119, 1, 0, 12898],
    'budgets-1.34': [130, 70, 21, 3017],
    'ten-kinds-1.34': [127, 73, 19, 2070],
  }
  for (const [name, counts] of Object.entries(expected)) {
    const found = replayRecording(await readRecording(`${OURS}/${name}.json`))
    assert.deepEqual(found.differences, [], name)
    assert.deepEqual([found.placed, found.unschedulable, found.preemptions, found.scores], counts, name)
  }
})

test('budgets decide in what was recorded of them, and so do domains', async () => {
  const found = async (name: string, change: (cluster: Recording['cluster']) => Partial<Recording['cluster']>) => {
    const recording = await readRecording(`${OURS}/${name}-1.36.json`)
    return replayRecording({ ...recording, cluster: { ...recording.cluster, ...change(recording.cluster) } }).differences.length
  }
  assert.ok((await found('budgets', () => ({ budgets: [] }))) > 0)
  const without = (field: string) => (cluster: Recording['cluster']) => ({
    pods: JSON.parse(JSON.stringify(cluster.pods), (key, value) => (key === field ? undefined : value)),
  })
  for (const field of ['minDomains', 'matchLabelKeys', 'namespaceSelector'])
    assert.ok((await found('refinements', without(field))) > 0, field)
  for (const field of ['namespace', 'namespaces', 'namespaceSelector'])
    assert.ok((await found('two-namespaces', without(field))) > 0, field)
})

/** The recording with one of its decisions changed. */
function tampered(recording: Recording, at: number, change: (decision: RecordedDecision) => Partial<RecordedDecision>): Recording {
  const decisions = recording.decisions.map((decision, i) => (i === at ? { ...decision, ...change(decision) } : decision))
  return { ...recording, decisions }
}

test('one wrong score, node, message or victim is found, and hides nothing that follows', { skip }, async () => {
  const a = await read('v1.36.3/a')
  const [wrong] = replayRecording(
    tampered(a, 3, ({ scores = {} }) => ({
      scores: { ...scores, NodeResourcesFit: (scores.NodeResourcesFit as number[]).map((one, i) => (i === 2 ? one + 1 : one)) },
    })),
  ).differences
  assert.deepEqual([wrong.pod, wrong.what], ['p003', 'NodeResourcesFit on n002'])
  const elsewhere = replayRecording(tampered(a, 99, ({ node }) => ({ node: ((node ?? 0) + 1) % 20 }))).differences
  assert.deepEqual(
    elsewhere.map(({ pod }) => pod),
    ['p099'],
  )

  const f = await read('v1.36.3/f')
  const evicting = f.decisions.findIndex(({ victims }) => victims)
  const nofit = f.decisions.findIndex(({ message }) => message)
  const other = f.decisions.findIndex(({ node, victims }, i) => i < evicting && node !== null && !victims)
  assert.deepEqual(
    replayRecording(tampered(f, nofit, () => ({ message: '0/10 nodes are available: 10 Insufficient memory.' }))).differences.map(
      ({ what }) => what,
    ),
    ['message'],
  )
  const [victim] = replayRecording(tampered(f, evicting, () => ({ victims: [f.decisions[other].pod] }))).differences
  assert.deepEqual([victim.pod, victim.what], [f.decisions[evicting].pod, 'victims'])
})
