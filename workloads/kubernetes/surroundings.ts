import { type Budget, holds } from '../../sim/index.ts'
import type { ClusterObjects, LabelSelector, Pod, PriorityClass, Selecting } from './objects.ts'
import { type PodSurroundings, spaceOf } from './pod-rules.ts'
import { parseQuantity, wholeOf } from './quantity.ts'
import { allOf, labelQuery } from './selectors.ts'

/** Looks up what of the cluster's other objects a pod depends on. */
export function surroundings({ namespaces, services, controllers, pods }: ClusterObjects): PodSurroundings {
  const labelsOf = new Map(pods.map(({ metadata = {} }) => [spaceOf(metadata), {} as Readonly<Record<string, string>>]))
  for (const { metadata } of namespaces) if (metadata?.name) labelsOf.set(metadata.name, metadata.labels ?? {})
  return {
    namespaces: (query) =>
      query === null
        ? []
        : [...labelsOf].filter(([name, labels]) => holds(query, { 'kubernetes.io/metadata.name': name, ...labels })).map(([name]) => name),
    selectedBy: (pod) => {
      const { metadata = {} } = pod
      const { labels = {} } = metadata
      const ours = (other: Selecting) => spaceOf(other.metadata ?? {}) === spaceOf(metadata)
      const byService = services.filter(ours).flatMap(({ spec }) => {
        const conditions = allOf(spec?.selector as Readonly<Record<string, string>> | undefined)
        return conditions.length > 0 && holds(conditions, labels) ? conditions : []
      })
      const owner = metadata.ownerReferences?.find(({ controller }) => controller)
      const controller = controllers.find((other) => ours(other) && other.kind === owner?.kind && other.metadata?.name === owner?.name)
      return [...byService, ...(controller ? controllerQuery(controller) : [])]
    },
  }
}

function controllerQuery({ kind, metadata, spec }: Selecting) {
  if (kind === 'ReplicationController') return allOf(spec?.selector as Readonly<Record<string, string>> | undefined)
  return labelQuery(spec?.selector as LabelSelector | undefined, `${kind} ${metadata?.name}`) ?? []
}

const BUILT_IN: readonly PriorityClass[] = [
  { metadata: { name: 'system-cluster-critical' }, value: 2_000_000_000 },
  { metadata: { name: 'system-node-critical' }, value: 2_000_001_000 },
]

/** A pod's priority and whether it may evict others, from itself or its class. */
export function priorityOf(
  { spec = {} }: Pod,
  classes: readonly PriorityClass[],
): { readonly priority: number; readonly preempts: boolean } {
  const known = [...classes, ...BUILT_IN]
  const own = spec.priorityClassName
    ? known.find(({ metadata }) => metadata?.name === spec.priorityClassName)
    : known.find(({ globalDefault }) => globalDefault)
  return {
    priority: spec.priority ?? own?.value ?? 0,
    preempts: (spec.preemptionPolicy ?? own?.preemptionPolicy) !== 'Never',
  }
}

/**
 * A PodDisruptionBudget; what it allows now is what its controller last said, else worked out from the pods that are bound. Below 0 where
 * as many more must be placed before one may go.
 */
export function budgetOf(budget: Selecting, pods: readonly Pod[]): Budget {
  const { metadata = {}, spec = {}, status } = budget
  const space = spaceOf(metadata)
  const selector = labelQuery(spec.selector as LabelSelector | undefined, `PodDisruptionBudget ${space}/${metadata.name}`)
  // For the scheduler an empty selector is about no pod.
  const labels = selector?.length === 0 ? null : selector
  const tasks = { spaces: [space], labels }
  if (status?.currentHealthy !== undefined && status.desiredHealthy !== undefined)
    return { tasks, allowed: status.currentHealthy - status.desiredHealthy }
  if (status?.disruptionsAllowed !== undefined) return { tasks, allowed: status.disruptionsAllowed }
  const matching = pods.filter(
    (pod) => labels !== null && spaceOf(pod.metadata ?? {}) === space && holds(labels, pod.metadata?.labels ?? {}),
  )
  const healthy = matching.filter((pod) => pod.spec?.nodeName).length
  const least =
    spec.maxUnavailable === undefined
      ? share(spec.minAvailable ?? 0, matching.length)
      : matching.length - share(spec.maxUnavailable, matching.length)
  return { tasks, allowed: healthy - least }
}

/** A number, or a percentage of the whole, rounded up. */
function share(given: string | number, whole: number): number {
  const percent = /^(\d+)%$/.exec(String(given))
  if (percent) return Math.ceil((Number(percent[1]) * whole) / 100)
  return wholeOf(parseQuantity(given) ?? 0n)
}
