import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { defaultProfile, type KubeProfile, kubePlugins, SYSTEM_SPREAD } from '../policies/index.ts'
import { InputError } from '../sim/index.ts'
import { documentsIn } from '../workloads/index.ts'

/** Plugins of kube-scheduler that decide nothing that is simulated: volumes, claims, queueing, binding. */
const WITHOUT_EFFECT = [
  'SchedulingGates',
  'PrioritySort',
  'VolumeRestrictions',
  'NodeVolumeLimits',
  'VolumeBinding',
  'VolumeZone',
  'DynamicResources',
  'NodeDeclaredFeatures',
  'GangScheduling',
  'DefaultBinder',
]
const PREEMPTION = 'DefaultPreemption'

const resources = z.array(z.strictObject({ name: z.string(), weight: z.int().min(0).max(100).default(1) }))
const pluginSet = z.strictObject({
  enabled: z.array(z.strictObject({ name: z.string(), weight: z.int().min(0).optional() })).default([]),
  disabled: z.array(z.object({ name: z.string() })).default([]),
})
type PluginSet = z.infer<typeof pluginSet>

const header = { apiVersion: z.string().optional(), kind: z.string().optional() }
const ARGUMENTS = {
  NodeResourcesFit: z.strictObject({
    ...header,
    ignoredResources: z.array(z.string()).default([]),
    ignoredResourceGroups: z.array(z.string()).default([]),
    scoringStrategy: z
      .strictObject({
        type: z.enum(['LeastAllocated', 'MostAllocated', 'RequestedToCapacityRatio']).default('LeastAllocated'),
        resources: resources.default([]),
        requestedToCapacityRatio: z
          .strictObject({
            shape: z
              .array(z.strictObject({ utilization: z.int().min(0).max(100), score: z.int().min(0).max(10) }))
              .min(1)
              .refine(
                (shape) => shape.every((point, i) => i === 0 || point.utilization > shape[i - 1].utilization),
                'utilization must rise',
              ),
          })
          .optional(),
      })
      .optional(),
  }),
  NodeResourcesBalancedAllocation: z.strictObject({ ...header, resources: resources.default([]) }),
  InterPodAffinity: z.strictObject({
    ...header,
    hardPodAffinityWeight: z.int().min(0).max(100).default(1),
    ignorePreferredTermsOfExistingPods: z.boolean().default(false),
  }),
  PodTopologySpread: z.strictObject({
    ...header,
    defaultingType: z.enum(['System', 'List']).default('System'),
    defaultConstraints: z
      .array(
        z.strictObject({
          topologyKey: z.string(),
          maxSkew: z.int().min(1),
          whenUnsatisfiable: z.enum(['DoNotSchedule', 'ScheduleAnyway']),
        }),
      )
      .default([]),
  }),
  DefaultPreemption: z.strictObject({
    ...header,
    minCandidateNodesPercentage: z.int().optional(),
    minCandidateNodesAbsolute: z.int().optional(),
  }),
}

const profileSchema = z.strictObject({
  schedulerName: z.string().default('default-scheduler'),
  percentageOfNodesToScore: z.int().min(0).max(100).optional(),
  plugins: z.record(z.string(), pluginSet).default({}),
  pluginConfig: z.array(z.strictObject({ name: z.string(), args: z.unknown() })).default([]),
})

const configuration = z.object({
  apiVersion: z.string().regex(/^kubescheduler\.config\.k8s\.io\//, 'kubescheduler.config.k8s.io/v1 would do'),
  kind: z.literal('KubeSchedulerConfiguration'),
  percentageOfNodesToScore: z.int().min(0).max(100).default(0),
  profiles: z.array(profileSchema).default([]),
  extenders: z.array(z.unknown()).max(0, 'extenders are not asked in a simulation; leave them out').default([]),
})

/** Reads a file of one KubeSchedulerConfiguration: its profiles by scheduler name, as kube-scheduler 1.`minor` takes them. Throws InputError for what is not simulated. */
export async function readSchedulerConfig(path: string, minor: number): Promise<ReadonlyMap<string, KubeProfile>> {
  const text = await readFile(path, 'utf8').catch(() => {
    throw new InputError(`${path}: no such file (a KubeSchedulerConfiguration would do)`)
  })
  const documents = documentsIn(text, path)
  if (documents.length !== 1) throw new InputError(`${path}: ${documents.length} documents (one KubeSchedulerConfiguration would do)`)
  return schedulerProfiles(documents[0], path, minor)
}

/** The profiles of a KubeSchedulerConfiguration by scheduler name; where it has none, the default one. */
export function schedulerProfiles(config: unknown, file: string, minor: number): ReadonlyMap<string, KubeProfile> {
  const { profiles, percentageOfNodesToScore } = check(configuration, config, file)
  const given = profiles.length > 0 ? profiles : [check(profileSchema, {}, file)]
  return new Map(
    given.map((profile) => [
      profile.schedulerName,
      {
        ...defaultProfile,
        minor,
        ...pluginsOf(profile.plugins, file),
        ...argumentsOf(profile.pluginConfig, file),
        percentageOfNodesToScore: profile.percentageOfNodesToScore ?? percentageOfNodesToScore,
      },
    ]),
  )
}

function check<T>(schema: z.ZodType<T>, value: unknown, where: string): T {
  const read = schema.safeParse(value)
  if (read.success) return read.data
  const [{ path, message }] = read.error.issues
  throw new InputError(`${where}: ${path.length > 0 ? `${path.join('.')}: ` : ''}${message}`)
}

interface Enabled {
  readonly name: string
  readonly weight: number
}

function pluginsOf(sets: Readonly<Record<string, PluginSet>>, file: string): Pick<KubeProfile, 'filters' | 'scores' | 'preempts'> {
  for (const set of Object.values(sets)) for (const { name } of [...set.enabled, ...set.disabled]) checkPlugin(name, file)
  const all: readonly Enabled[] = [...kubePlugins.map(({ name, weight }) => ({ name, weight })), { name: PREEMPTION, weight: 0 }]
  const everywhere = apply(all, sets.multiPoint)
  const can = (what: 'filter' | 'scorer') =>
    everywhere.filter(({ name }) => kubePlugins.some((plugin) => plugin.name === name && plugin[what]))
  return {
    filters: apply(can('filter'), sets.filter).map(({ name }) => name),
    scores: apply(can('scorer'), sets.score).map(({ name, weight }) => ({ name, weight: weight || 1 })),
    preempts: apply(everywhere, sets.postFilter).some(({ name }) => name === PREEMPTION),
  }
}

/** What is enabled takes its old place, or the end; `*` disables all. */
function apply(before: readonly Enabled[], set: PluginSet | undefined): readonly Enabled[] {
  if (!set) return before
  const isDisabled = (name: string) => set.disabled.some((one) => one.name === name || one.name === '*')
  const enabled = set.enabled.map(({ name, weight = 0 }) => ({ name, weight })).filter(({ name }) => !WITHOUT_EFFECT.includes(name))
  const kept = before.flatMap((plugin) => {
    if (isDisabled(plugin.name)) return []
    return [enabled.find(({ name }) => name === plugin.name) ?? plugin]
  })
  return [...kept, ...enabled.filter(({ name }) => !kept.some((plugin) => plugin.name === name))]
}

function checkPlugin(name: string, file: string): void {
  const known = [...kubePlugins.map((plugin) => plugin.name), PREEMPTION]
  if (name === '*' || known.includes(name) || WITHOUT_EFFECT.includes(name)) return
  throw new InputError(`${file}: a plugin that is not simulated: ${name} (have ${known.join(', ')})`)
}

type ArgumentsOf = Pick<KubeProfile, 'fit' | 'balanced' | 'interPodAffinity' | 'defaultSpread' | 'defaultSpreadNeedsLabels'>

function argumentsOf(given: readonly { readonly name: string; readonly args?: unknown }[], file: string): ArgumentsOf {
  const { fit, balanced, interPodAffinity, defaultSpread, defaultSpreadNeedsLabels } = defaultProfile
  let found: ArgumentsOf = { fit, balanced, interPodAffinity, defaultSpread, defaultSpreadNeedsLabels }
  for (const { name, args } of given) {
    const where = `${file}: pluginConfig ${name}`
    if (WITHOUT_EFFECT.includes(name)) continue
    if (!Object.hasOwn(ARGUMENTS, name)) throw new InputError(`${where}: not simulated (have ${Object.keys(ARGUMENTS).join(', ')})`)
    if (name === 'NodeResourcesFit') found = { ...found, fit: fitOf(check(ARGUMENTS.NodeResourcesFit, args, where), where) }
    else if (name === 'NodeResourcesBalancedAllocation') {
      const { resources: own } = check(ARGUMENTS.NodeResourcesBalancedAllocation, args, where)
      if (own.length > 0) found = { ...found, balanced: { resources: weighed(own) } }
    } else if (name === 'InterPodAffinity') {
      const { hardPodAffinityWeight, ignorePreferredTermsOfExistingPods } = check(ARGUMENTS.InterPodAffinity, args, where)
      found = { ...found, interPodAffinity: { hardPodAffinityWeight, ignorePreferredTermsOfExistingPods } }
    } else if (name === 'PodTopologySpread') found = { ...found, ...spreadOf(check(ARGUMENTS.PodTopologySpread, args, where)) }
    else check(ARGUMENTS.DefaultPreemption, args, where)
  }
  return found
}

function fitOf(args: z.infer<typeof ARGUMENTS.NodeResourcesFit>, where: string): KubeProfile['fit'] {
  const { type, resources: own, requestedToCapacityRatio } = args.scoringStrategy ?? { type: 'LeastAllocated' as const, resources: [] }
  if (type === 'RequestedToCapacityRatio' && !requestedToCapacityRatio)
    throw new InputError(`${where}: scoringStrategy.requestedToCapacityRatio.shape is missing`)
  return {
    strategy: type,
    resources: own.length > 0 ? weighed(own) : defaultProfile.fit.resources,
    shape: requestedToCapacityRatio?.shape ?? [],
    ignoredResources: args.ignoredResources,
    ignoredResourceGroups: args.ignoredResourceGroups,
  }
}

const weighed = (given: z.infer<typeof resources>) => given.map(({ name, weight }) => ({ name, weight: weight || 1 }))

function spreadOf({
  defaultingType,
  defaultConstraints,
}: z.infer<typeof ARGUMENTS.PodTopologySpread>): Pick<KubeProfile, 'defaultSpread' | 'defaultSpreadNeedsLabels'> {
  if (defaultingType === 'System') return { defaultSpread: SYSTEM_SPREAD, defaultSpreadNeedsLabels: false }
  const defaultSpread = defaultConstraints.map(({ topologyKey, maxSkew, whenUnsatisfiable }) => ({
    by: topologyKey,
    maxSkew,
    hard: whenUnsatisfiable === 'DoNotSchedule',
  }))
  return { defaultSpread, defaultSpreadNeedsLabels: true }
}
