import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { scratchFolder, stowage } from './run-stowage.ts'

const folder = scratchFolder()
const at = (name: string) => join(folder, name)

/** Two nodes, of which the second is the emptier; as kube-scheduler 1.36 scores them. */
const recording = (node: number) => ({
  format: 'k8s-oracle/1',
  title: 'made by hand',
  scheduler: 'kube-scheduler v1.36.0',
  config: { apiVersion: 'kubescheduler.config.k8s.io/v1', kind: 'KubeSchedulerConfiguration' },
  nodes: [
    { name: 'small', cpu: '2', memory: '4Gi', pods: 10 },
    { name: 'large', cpu: '4', memory: '8Gi', pods: 10 },
  ],
  pods: [{ name: 'p', requests: { cpu: '1', memory: '2Gi' } }],
  decisions: [
    {
      pod: 'p',
      node,
      feasible: 2,
      // Half and three quarters are left; both stay as balanced as they were.
      total: [425, 450],
      scores: { TaintToleration: 300, NodeResourcesFit: [50, 75], NodeResourcesBalancedAllocation: 75, ImageLocality: 0 },
    },
  ],
})

test('a recording without a difference ends with 0, one with a difference names it and ends with 1', async () => {
  writeFileSync(at('right.json'), JSON.stringify(recording(1)))
  const right = await stowage('crosscheck', '--replay', at('right.json'))
  assert.deepEqual([right.code, right.error], [0, ''])
  assert.match(right.out, /1 decisions, 10 scores: no difference/)
  writeFileSync(at('wrong.json'), JSON.stringify(recording(0)))
  const both = await stowage('crosscheck', '--replay', folder, '--format-out', 'json')
  assert.equal(both.code, 1)
  assert.deepEqual(
    JSON.parse(both.out).map(({ differences }: { differences: unknown }) => differences),
    [[], [{ pod: 'p', what: 'node', recorded: 'small', simulated: 'large' }]],
  )
})

test('what is no recording is refused', async () => {
  writeFileSync(at('other.txt'), '{}')
  const [none, other, without] = await Promise.all([
    stowage('crosscheck', '--replay', at('nowhere')),
    stowage('crosscheck', '--replay', at('other.txt')),
    stowage('crosscheck'),
  ])
  for (const { code, out } of [none, other, without]) assert.deepEqual([code, out], [2, ''])
  assert.match(other.error, /not a recording \(format k8s-oracle\/1 would do\)/)
})

const CLUSTER = `
kind: List
items:
- {kind: Node, metadata: {name: a}, status: {allocatable: {cpu: 4, memory: 8Gi, pods: 10}}}
- {kind: Node, metadata: {name: b}, status: {allocatable: {cpu: 4, memory: 8Gi, pods: 10}}}
- {kind: Pod, metadata: {name: there}, spec: {nodeName: b, containers: [{resources: {requests: {cpu: 1, memory: 1Gi}}}]}}
- {kind: Pod, metadata: {name: p}, spec: {containers: [{resources: {requests: {cpu: 1, memory: 1Gi}}}]}}
- {kind: Pod, metadata: {name: q}, spec: {containers: [{resources: {requests: {cpu: 3, memory: 1Gi}}}]}}
- {kind: Pod, metadata: {name: r}, spec: {containers: [{resources: {requests: {cpu: 3, memory: 1Gi}}}]}}
`
const PACKED = `
apiVersion: kubescheduler.config.k8s.io/v1
kind: KubeSchedulerConfiguration
profiles:
- pluginConfig:
  - {name: NodeResourcesFit, args: {scoringStrategy: {type: MostAllocated}}}
`

test('configurations of kube-scheduler are rows of one table, beside other policies', async () => {
  writeFileSync(at('cluster.yaml'), CLUSTER)
  writeFileSync(at('packed.yaml'), PACKED)
  const words = ['--scheduler', `default,${at('packed.yaml')},default:version=1.34`, '--packing', 'best-fit', '--seeds', '2', '--check']
  const { code, error } = await stowage('compare', at('cluster.yaml'), ...words, '--out', at('out'))
  assert.equal(code, 0, error)
  const rows = readFileSync(at('out/summary.csv'), 'utf8').trim().split('\n')
  const [head, ...lines] = rows.map((row) => row.split(','))
  const column = (name: string) => lines.map((line) => line[head.indexOf(name)])
  assert.deepEqual(column('packing'), [
    'default',
    'default',
    'packed.yaml',
    'packed.yaml',
    'default:version=1.34',
    'default:version=1.34',
    'best-fit',
    'best-fit',
  ])
  // Spread out, p leaves 3 CPUs on both nodes and so room for q and r; packed, it lies beside what is there, and r waits.
  assert.deepEqual(column('placed').slice(0, 3), ['4', '4', '3'])
  assert.deepEqual(column('tie').slice(0, 5), ['heap', 'heap', 'heap', 'heap', 'random'])
  assert.deepEqual([...new Set(column('preemption'))], ['kube', 'none'])

  const explained = await stowage('explain', at('out'), 'default/p/0', '--packing', 'packed.yaml')
  assert.match(explained.out, /best: b \(score 4\d\d = TaintToleration 300 \+ NodeResourcesFit 37 \+/)
})

test('a configuration, version or profile that does not exist is refused', async () => {
  writeFileSync(at('one.yaml'), CLUSTER)
  const asked = await Promise.all(
    [at('nowhere.yaml'), `${at('packed.yaml')}:version=1.20`, `${at('packed.yaml')}:profile=x`, at('one.yaml')].map((scheduler) =>
      stowage('compare', at('one.yaml'), '--scheduler', scheduler, '--out', at('none')),
    ),
  )
  assert.deepEqual(
    asked.map(({ code }) => code),
    [2, 2, 2, 2],
  )
  assert.match(asked[1].error, /not a version that is known: 1\.20 \(1\.34 to 1\.36 would do\)/)
  assert.match(asked[2].error, /no profile x in .*\(have default-scheduler\)/)
})
