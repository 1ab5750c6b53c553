import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { KINDS, type Kind, recordingOf, recordLive, replayRecording } from '../../extender/index.ts'
import { cannotStart, controlPlaneOf } from './control-plane.ts'

/** What a kind needs to be seen. */
const WITH: Partial<Record<Kind, readonly Kind[]>> = { refinements: ['spread', 'pod-affinity'], budgets: ['priorities'] }
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
}
