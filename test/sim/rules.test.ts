import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  admissionPolicies,
  defaultProfile,
  kubeConstraint,
  kubePacking,
  overcommitPolicies,
  packingPolicies,
} from '../../policies/index.ts'
import { check, type Decision, decisionObserver, holds, Simulation, type SimulationOptions, type Trace } from '../../sim/index.ts'
import { type Pod, translateCluster } from '../../workloads/index.ts'
import { cluster, node, pod, term } from '../extender/made-cluster.ts'

const options = (over: Partial<SimulationOptions> = {}): SimulationOptions => ({
  admission: { policy: admissionPolicies['admit-all'], parameters: {} },
  packing: { policy: kubePacking(defaultProfile), parameters: {} },
  overcommit: { policy: overcommitPolicies.none, parameters: {} },
  constraint: kubeConstraint(defaultProfile),
  tie: 'lowest-id',
  preemption: 'none',
  scoreStep: 0,
  seed: 1,
  ...over,
})

function run(trace: Trace, over: Partial<SimulationOptions> = {}) {
  const told: Decision[] = []
  const simulation = new Simulation(trace, options(over), (one) => [check(one), decisionObserver(one, (decision) => told.push(decision))])
  while (simulation.step());
  const name = (row: number) => trace.jobs.id[row].slice('default/'.length)
  const placed = told.flatMap((one) => (one.kind === 'place' ? [`${name(one.run)} on ${trace.machines.id[one.machine]}`] : []))
  return { simulation, placed }
}

const required = (app: string, by?: string) => ({ requiredDuringSchedulingIgnoredDuringExecution: [term(app, by)] })
const zones = [node('a', { zone: '1' }), node('b', { zone: '1' }), node('c', { zone: '2' })]

test('a machine that a placement elsewhere opens is found at the same instant', () => {
  const follows = pod('follows', { affinity: { podAffinity: required('leader', 'zone') } })
  const { placed } = run(translateCluster(cluster(zones, [follows, pod('leads', {}, { app: 'leader' })]), 'x'))
  assert.deepEqual(
    placed.map((one) => one.split(' ')[0]),
    ['leads', 'follows'],
  )
})

test('spreading opens a domain again once the others have caught up', () => {
  const spread = (zone: string): Pod['spec'] => ({
    nodeSelector: { zone },
    topologySpreadConstraints: [
      {
        topologyKey: 'zone',
        maxSkew: 1,
        whenUnsatisfiable: 'DoNotSchedule',
        labelSelector: { matchLabels: { app: 's' } },
        nodeAffinityPolicy: 'Ignore',
      },
    ],
  })
  const pods = ['1', '1', '2'].map((zone, i) => pod(`p${i}`, spread(zone), { app: 's' }))
  assert.deepEqual(
    run(translateCluster(cluster(zones, pods), 'x')).placed.map((one) => one.slice(0, 2)),
    ['p0', 'p2', 'p1'],
  )
})

test('any packing policy heeds the rules, and a bound pod stays where no rule would let it in', () => {
  const closed = node('closed', {}, { unschedulable: true })
  const pods = [pod('there', { nodeName: 'closed' }), pod('new'), pod('picky', { nodeSelector: { no: 'where' } })]
  const trace = translateCluster(cluster([closed, node('open')], pods), 'x')
  const { placed, simulation } = run(trace, { packing: { policy: packingPolicies['first-fit'], parameters: {} } })
  assert.deepEqual(placed, ['there on closed', 'new on open'])
  assert.deepEqual(simulation.placeable.shortOf(trace.runs.class[trace.jobs.id.indexOf('default/picky')]), ['rules'])
})

test('a trace with rules is refused where nothing heeds them', () => {
  const trace = translateCluster(cluster(zones, [pod('p')]), 'x')
  assert.throws(() => run(trace, { constraint: undefined }), /rules beyond room/)
})

const PODS = fc.array(
  fc.record({
    app: fc.constantFrom('x', 'y', 'z'),
    cpu: fc.constantFrom('500m', '1', '3'),
    priority: fc.constantFrom(0, 0, 10),
    rule: fc.constantFrom('none', 'none', 'near', 'apart', 'spread', 'prefer', 'port'),
    about: fc.constantFrom('x', 'y', 'z'),
    by: fc.constantFrom('zone', 'kubernetes.io/hostname'),
    bound: fc.boolean(),
  }),
  { maxLength: 14 },
)

type Made = typeof PODS extends fc.Arbitrary<readonly (infer One)[]> ? One : never

function madePod({ app, cpu, priority, rule, about, by, bound }: Made, i: number): Pod {
  const rules: Readonly<Record<string, Pod['spec']>> = {
    none: {},
    near: { affinity: { podAffinity: required(about, by) } },
    apart: { affinity: { podAntiAffinity: required(about, by) } },
    spread: {
      topologySpreadConstraints: [
        { topologyKey: by, maxSkew: 1, whenUnsatisfiable: 'DoNotSchedule', labelSelector: { matchLabels: { app: about } } },
      ],
    },
    prefer: {
      affinity: { podAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 5, podAffinityTerm: term(about, by) }] } },
    },
    port: { containers: [{ resources: { requests: { cpu, memory: '1' } }, ports: [{ hostPort: 80 }] }] },
  }
  const nodeName = bound && i < 4 ? ['a', 'b', 'c'][i % 3] : undefined
  return pod(`p${i}`, { priority, nodeName, ...rules[rule] }, { app }, { cpu, memory: '1' })
}

for (const preemption of ['none', 'kube'] as const) {
  test(`whoever waits in the end has nowhere to go, preemption ${preemption}`, () => {
    fc.assert(
      fc.property(PODS, fc.constantFrom('kube', 'best-fit'), (made, packing) => {
        const trace = translateCluster(cluster(zones, made.map(madePod)), 'x')
        const policy = packing === 'kube' ? kubePacking(defaultProfile) : packingPolicies['best-fit']
        const { simulation } = run(trace, { packing: { policy, parameters: {} }, preemption })
        simulation.pending.forEach((task) => {
          const taskClass = simulation.cell.tasks.class[task]
          for (let m = 0; m < trace.machines.count; m++) assert.ok(!simulation.cell.fits(taskClass, m))
        })
      }),
      { numRuns: 200 },
    )
  })
}

test('conditions on labels hold as in Kubernetes', () => {
  const labels = { zone: '1', gen: '7' }
  const cases = [
    ['zone', 'in', ['1', '2'], true],
    ['rack', 'in', ['1'], false],
    ['zone', 'not-in', ['2'], true],
    ['rack', 'not-in', ['2'], true],
    ['zone', 'exists', [], true],
    ['toString', 'exists', [], false],
    ['rack', 'absent', [], true],
    ['gen', 'above', ['6'], true],
    ['gen', 'above', ['7'], false],
    ['gen', 'below', ['10'], true],
    ['rack', 'below', ['10'], false],
    ['gen', 'above', ['x'], false],
  ] as const
  for (const [key, operator, values, expected] of cases)
    assert.equal(holds([{ key, operator, values }], labels), expected, `${key} ${operator} ${values}`)
})
