import assert from 'node:assert/strict'
import { test } from 'node:test'
import { schedulerProfiles } from '../../extender/index.ts'
import { InputError } from '../../sim/index.ts'

const header = { apiVersion: 'kubescheduler.config.k8s.io/v1', kind: 'KubeSchedulerConfiguration' }
const profileOf = (profile: object, rest: object = {}) => {
  const [found] = schedulerProfiles({ ...header, ...rest, profiles: [profile] }, 'a.yaml', 36).values()
  return found
}
const refused = (config: object, message: string) =>
  assert.throws(
    () => schedulerProfiles({ ...header, ...config }, 'a.yaml', 36),
    (error) => error instanceof InputError && error.message === message,
    message,
  )

test('without profiles there is the default one, with the default weights', () => {
  const [[name, profile]] = schedulerProfiles(header, 'a.yaml', 34)
  assert.equal(name, 'default-scheduler')
  assert.equal(profile.minor, 34)
  assert.deepEqual(
    profile.scores.map(({ name: plugin, weight }) => `${plugin} ${weight}`),
    [
      'TaintToleration 3',
      'NodeAffinity 2',
      'NodeResourcesFit 1',
      'PodTopologySpread 2',
      'InterPodAffinity 2',
      'NodeResourcesBalancedAllocation 1',
      'ImageLocality 1',
    ],
  )
  assert.ok(profile.preempts)
})

test('plugins go and come at single points and everywhere, and keep their place with a new weight', () => {
  const { filters, scores, preempts } = profileOf({
    plugins: {
      multiPoint: { disabled: [{ name: 'ImageLocality' }, { name: 'DefaultPreemption' }] },
      score: { disabled: [{ name: 'InterPodAffinity' }], enabled: [{ name: 'TaintToleration', weight: 9 }] },
      filter: { disabled: [{ name: 'NodePorts' }] },
    },
  })
  assert.ok(!filters.includes('NodePorts') && filters.includes('InterPodAffinity'))
  assert.deepEqual(scores[0], { name: 'TaintToleration', weight: 9 })
  assert.ok(!scores.some(({ name }) => name === 'InterPodAffinity' || name === 'ImageLocality'))
  assert.equal(preempts, false)
  const only = profileOf({ plugins: { score: { disabled: [{ name: '*' }], enabled: [{ name: 'NodeResourcesFit' }] } } })
  assert.deepEqual(only.scores, [{ name: 'NodeResourcesFit', weight: 1 }])
})

test('arguments reach the plugins; a profile’s percentage stands before the scheduler’s', () => {
  const shape = [
    { utilization: 0, score: 0 },
    { utilization: 100, score: 10 },
  ]
  const scoringStrategy = { type: 'RequestedToCapacityRatio', resources: [{ name: 'cpu', weight: 3 }], requestedToCapacityRatio: { shape } }
  const profile = profileOf(
    {
      percentageOfNodesToScore: 30,
      pluginConfig: [
        { name: 'NodeResourcesFit', args: { ignoredResources: ['a.com/b'], scoringStrategy } },
        { name: 'InterPodAffinity', args: { hardPodAffinityWeight: 7 } },
        {
          name: 'PodTopologySpread',
          args: { defaultingType: 'List', defaultConstraints: [{ topologyKey: 'rack', maxSkew: 2, whenUnsatisfiable: 'DoNotSchedule' }] },
        },
      ],
    },
    { percentageOfNodesToScore: 70 },
  )
  assert.deepEqual(
    [profile.fit.strategy, profile.fit.shape, profile.fit.ignoredResources],
    ['RequestedToCapacityRatio', shape, ['a.com/b']],
  )
  assert.equal(profile.interPodAffinity.hardPodAffinityWeight, 7)
  assert.deepEqual(profile.defaultSpread, [{ by: 'rack', maxSkew: 2, hard: true }])
  assert.equal(profile.percentageOfNodesToScore, 30)
})

test('what is not simulated, or is no configuration, is refused with its place', () => {
  refused({ kind: 'Pod' }, 'a.yaml: kind: Invalid input: expected "KubeSchedulerConfiguration"')
  refused({ extenders: [{ urlPrefix: 'x' }] }, 'a.yaml: extenders: extenders are not asked in a simulation; leave them out')
  refused(
    { profiles: [{ plugins: { score: { enabled: [{ name: 'Coscheduling' }] } } }] },
    'a.yaml: a plugin that is not simulated: Coscheduling (have NodeUnschedulable, NodeName, TaintToleration, NodeAffinity, NodePorts, NodeResourcesFit, PodTopologySpread, InterPodAffinity, NodeResourcesBalancedAllocation, ImageLocality, DefaultPreemption)',
  )
  refused(
    { profiles: [{ pluginConfig: [{ name: 'NodeResourcesFit', args: { scoringStrategy: { type: 'RequestedToCapacityRatio' } } }] }] },
    'a.yaml: pluginConfig NodeResourcesFit: scoringStrategy.requestedToCapacityRatio.shape is missing',
  )
  refused(
    { profiles: [{ pluginConfig: [{ name: 'NodeAffinity', args: { addedAffinity: {} } }] }] },
    'a.yaml: pluginConfig NodeAffinity: not simulated (have NodeResourcesFit, NodeResourcesBalancedAllocation, InterPodAffinity, PodTopologySpread, DefaultPreemption)',
  )
})
