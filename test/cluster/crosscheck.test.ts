import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { KINDS, type Kind, mixOf, recordingOf, recordLive, replayRecording, SHARES } from '../../extender/index.ts'
import { generateTrace } from '../../workloads/index.ts'
import { cannotStart, controlPlaneOf } from './control-plane.ts'
import { askingExtender, startExtender } from './extender-process.ts'

/** What a kind needs to be seen. */
const WITH: Partial<Record<Kind, readonly Kind[]>> = { refinements: ['spread', 'pod-affinity'], budgets: ['priorities'] }
/** Shares of GPUs by themselves, and with all that filters before the extender is asked. */
const ASKED: readonly (readonly Kind[])[] = [
  ['resources', 'gpus', SHARES],
  ['resources', 'gpus', SHARES, 'taints', 'node-affinity', 'spread', 'pod-affinity', 'ports-and-images', 'refinements'],
]
/** Everything alone with room to differ, then all together. */
const MIXES: readonly (readonly Kind[])[] = [...KINDS.map((kind): readonly Kind[] => ['resources', ...(WITH[kind] ?? []), kind]), KINDS]

for (const [i, minor] of ['1.36', '1.34'].entries()) {
  const skip = await cannotStart(minor)
  test(`a running kube-scheduler ${minor} decides as the simulator does, each kind by itself and all together`, { skip }, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'stowage-cluster-'))
    const controlPlane = controlPlaneOf(minor, 26_800 + 10 * i)
    after(async () => {
      await controlPlane('down', folder)
      rmSync(folder, { recursive: true, force: true })
    })
    await controlPlane('up', folder)
    const config = join(folder, 'scheduler.yaml')
    let pods = 0
    for (const [seed, kinds] of MIXES.entries()) {
      // A fresh scheduler looks at the first node first, and batching leaves scores out of the log.
      await controlPlane('scheduler', folder, config, ...(minor === '1.36' ? ['--feature-gates=OpportunisticBatching=false'] : []))
      const content = await recordLive({
        kubeconfig: join(folder, 'kubeconfig'),
        log: join(folder, 'scheduler.log'),
        config: { apiVersion: 'kubescheduler.config.k8s.io/v1', kind: 'KubeSchedulerConfiguration', percentageOfNodesToScore: 100 },
        kinds,
        nodes: 30,
        pods: 120,
        seed: seed + 1,
      })
      const { differences, decisions, scores } = replayRecording(recordingOf({ ...content }, content.title))
      if (differences.length > 0 && process.env.STOWAGE_KEEP)
        writeFileSync(join(process.env.STOWAGE_KEEP, `${minor}-${seed}.json`), JSON.stringify(content))
      assert.deepEqual(differences, [], content.title)
      assert.equal(decisions, 120)
      assert.ok(scores > 1000, `${scores} scores in the log`)
      pods += decisions
    }
    assert.equal(pods, 120 * MIXES.length)
  })
  test(`a kube-scheduler ${minor} that asks the extender decides as the simulator does with its policy`, { skip }, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'stowage-asking-'))
    const port = 26_809 + 10 * i
    const controlPlane = controlPlaneOf(minor, 26_800 + 10 * i)
    await controlPlane('up', folder, 'none')
    const kubeconfig = join(folder, 'kubeconfig')
    const extender = await startExtender(port, ['--packing', 'fgd', '--mix', 'openb', '--kubeconfig', kubeconfig, '--settle', '0s'])
    after(async () => {
      extender.kill('SIGTERM')
      await controlPlane('down', folder)
      rmSync(folder, { recursive: true, force: true })
    })
    const config = join(folder, 'asking.yaml')
    writeFileSync(config, askingExtender(kubeconfig, { extender: `http://127.0.0.1:${port}` }))
    await controlPlane('scheduler', folder, config)
    for (const [seed, kinds] of ASKED.entries()) {
      const content = await recordLive({
        kubeconfig,
        config: { apiVersion: 'kubescheduler.config.k8s.io/v1', kind: 'KubeSchedulerConfiguration', percentageOfNodesToScore: 100 },
        extender: { packing: 'fgd', mix: mixOf(generateTrace('openb', {})) },
        kinds,
        nodes: 20,
        pods: 100,
        seed: seed + 1,
      })
      const { differences, decisions } = replayRecording(recordingOf({ ...content }, content.title))
      assert.deepEqual(differences, [], content.title)
      assert.equal(decisions, 100)
    }
  })
}
