import type { ClusterObjects, Node, Pod } from '../../workloads/index.ts'

type Labels = Readonly<Record<string, string>>

/** A node of 4 CPUs, 8 GiB and 10 pods. */
export function node(name: string, labels: Labels = {}, over: Partial<NonNullable<Node['spec']>> = {}, allocatable = {}): Node {
  return {
    kind: 'Node',
    metadata: { name, labels: { 'kubernetes.io/hostname': name, ...labels } },
    spec: over,
    status: { allocatable: { cpu: '4', memory: '8Gi', pods: 10, ...allocatable } },
  }
}

/** A pod of one container with 1 CPU and 1 GiB. */
export function pod(name: string, spec: Pod['spec'] = {}, labels: Labels = {}, requests = { cpu: '1', memory: '1Gi' }): Pod {
  return { kind: 'Pod', metadata: { name, labels }, spec: { containers: [{ name: 'c', image: 'x', resources: { requests } }], ...spec } }
}

export function cluster(nodes: readonly Node[], pods: readonly Pod[], rest: Partial<ClusterObjects> = {}): ClusterObjects {
  return { nodes, pods, priorityClasses: [], namespaces: [], services: [], controllers: [], budgets: [], ...rest }
}

/** Anti-affinity or affinity to pods with a label, over a topology. */
export const term = (app: string, topologyKey = 'kubernetes.io/hostname') => ({ topologyKey, labelSelector: { matchLabels: { app } } })
