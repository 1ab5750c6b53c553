import type { AffinityTerm, ClassRules, LabelCondition, LabelQuery, Port, SpreadRule } from '../../sim/index.ts'
import type { Container, Metadata, Pod, PodAffinityTerm, PodSpec } from './objects.ts'
import { nameOf, type PodRequests } from './pod-requests.ts'
import { allOf, labelQuery, machineTerm } from './selectors.ts'

/** What of the rest of the cluster a pod's rules depend on. */
export interface PodSurroundings {
  /** Names of the namespaces whose labels match. */
  namespaces(query: LabelQuery): readonly string[]
  /** What Services and its controller select it by, all together; empty where nothing does. */
  selectedBy(pod: Pod): readonly LabelCondition[]
}

/** What a pod asks beyond room. Throws InputError for an operator that does not exist. */
export function podRules(pod: Pod, { asked, placed }: PodRequests, preempts: boolean, around: PodSurroundings): ClassRules {
  const { metadata = {}, spec = {} } = pod
  const owner = nameOf(pod)
  const { nodeAffinity, podAffinity, podAntiAffinity } = spec.affinity ?? {}
  const required = nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution
  const spread = spreadRules(metadata, spec, owner)
  const selectedBy = spread.length === 0 ? around.selectedBy(pod) : []
  const term = (given: PodAffinityTerm | undefined, weight: number) => affinityTerm(given ?? {}, weight, metadata, owner, around)
  const weighed = (terms: typeof podAffinity, sign: 1 | -1) =>
    (terms?.preferredDuringSchedulingIgnoredDuringExecution ?? []).map(({ weight = 0, podAffinityTerm }) =>
      term(podAffinityTerm, sign * weight),
    )
  return {
    space: spaceOf(metadata),
    labels: metadata.labels ?? {},
    machine: null,
    selector: allOf(spec.nodeSelector),
    oneOf: required ? (required.nodeSelectorTerms ?? []).map((one) => machineTerm(one, owner)) : null,
    preferred: (nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []).map(({ weight = 0, preference }) => ({
      weight,
      term: machineTerm(preference, owner),
    })),
    tolerations: (spec.tolerations ?? []).map(({ key = '', operator, value = '', effect = '' }) => ({
      key,
      exists: operator === 'Exists',
      value,
      effect,
    })),
    ports: hostPorts(spec),
    spread: spread.filter(({ hard }) => hard).map(({ rule }) => rule),
    preferSpread:
      selectedBy.length > 0
        ? [spreadRule({ by: '', maxSkew: 1, labels: selectedBy, space: spaceOf(metadata) })]
        : spread.filter(({ hard }) => !hard).map(({ rule }) => rule),
    defaultSpread: selectedBy.length > 0,
    near: (podAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? []).map((one) => term(one, 0)),
    apart: (podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? []).map((one) => term(one, 0)),
    preferNear: [...weighed(podAffinity, 1), ...weighed(podAntiAffinity, -1)],
    images: [...(spec.initContainers ?? []), ...(spec.containers ?? [])].map(({ image = '' }) => imageName(image)),
    preempts,
    leaving: metadata.deletionTimestamp !== undefined,
    asked,
    placed,
  }
}

export const spaceOf = ({ namespace }: Metadata): string => namespace ?? 'default'

/** As a node lists it: with a tag. */
export function imageName(image: string): string {
  return image.lastIndexOf(':') <= image.lastIndexOf('/') ? `${image}:latest` : image
}

function spreadRules(metadata: Metadata, spec: PodSpec, owner: string): readonly { readonly hard: boolean; readonly rule: SpreadRule }[] {
  return (spec.topologySpreadConstraints ?? []).map((given) => {
    const own = labelQuery(given.labelSelector, owner)
    const labels = own && [...own, ...ownValues(given.matchLabelKeys, metadata, 'in')]
    return {
      hard: given.whenUnsatisfiable !== 'ScheduleAnyway',
      rule: {
        ...spreadRule({ by: given.topologyKey ?? '', maxSkew: given.maxSkew ?? 1, labels, space: spaceOf(metadata) }),
        minDomains: given.minDomains ?? 1,
        heedsAffinity: given.nodeAffinityPolicy !== 'Ignore',
        heedsTaints: given.nodeTaintsPolicy === 'Honor',
      },
    }
  })
}

/** An empty selector counts no pods here. */
function spreadRule({ by, maxSkew, labels, space }: { by: string; maxSkew: number; labels: LabelQuery; space: string }): SpreadRule {
  return {
    by,
    tasks: { spaces: [space], labels: labels?.length === 0 ? null : labels },
    maxSkew,
    minDomains: 1,
    heedsAffinity: true,
    heedsTaints: false,
  }
}

function affinityTerm(given: PodAffinityTerm, weight: number, metadata: Metadata, owner: string, around: PodSurroundings): AffinityTerm {
  const own = labelQuery(given.labelSelector, owner)
  const labels = own && [
    ...own,
    ...ownValues(given.matchLabelKeys, metadata, 'in'),
    ...ownValues(given.mismatchLabelKeys, metadata, 'not-in'),
  ]
  return { by: given.topologyKey ?? '', tasks: { spaces: spacesOf(given, metadata, owner, around), labels }, weight }
}

function spacesOf({ namespaces = [], namespaceSelector }: PodAffinityTerm, metadata: Metadata, owner: string, around: PodSurroundings) {
  const query = labelQuery(namespaceSelector, owner)
  if (query === null) return namespaces.length > 0 ? namespaces : [spaceOf(metadata)]
  return query.length === 0 ? ('every' as const) : [...new Set([...namespaces, ...around.namespaces(query)])]
}

/** The pod's own values of these labels, where it has them. */
function ownValues(keys: readonly string[] | undefined, { labels = {} }: Metadata, operator: 'in' | 'not-in'): readonly LabelCondition[] {
  return (keys ?? []).filter((key) => Object.hasOwn(labels, key)).map((key) => ({ key, operator, values: [labels[key]] }))
}

/** Ports of containers and sidecars; a pod in the host's network takes all that it names. */
function hostPorts({ containers = [], initContainers = [], hostNetwork }: PodSpec): readonly Port[] {
  const running: readonly Container[] = [...containers, ...initContainers.filter(({ restartPolicy }) => restartPolicy === 'Always')]
  return running.flatMap(({ ports = [] }) =>
    ports.flatMap(({ hostPort = 0, containerPort = 0, hostIP, protocol = 'TCP' }) => {
      const port = hostPort > 0 ? hostPort : hostNetwork ? containerPort : 0
      return port > 0 ? [{ address: hostIP || '0.0.0.0', protocol, port }] : []
    }),
  )
}
