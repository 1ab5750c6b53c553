import type { ClusterState } from './cluster-state.ts'
import { uidOf, versionOf } from './holding.ts'
import type { KubeApi } from './kube-api.ts'

/** What was found to differ, and was put right. */
export interface Drift {
  /** `node NAME` and `pod UID` that the API server had otherwise than we, both times that they were looked at, though later news had come. */
  readonly cluster: readonly string[]
  /** The same where the watch had not come that far: it was away, or slow. */
  readonly late: readonly string[]
  /** Nodes whose room was not what the pods on them leave. */
  readonly cell: readonly string[]
}

/** The latest resource version that each watch has told of. */
export interface Heard {
  nodes: number
  pods: number
}

/**
 * Compares the state with a fresh list, and the cell with one made from nothing; heals what differs. What differs only because news is
 * under way is gone when it is looked at again, after `settle`.
 */
export async function checkDrift(
  state: ClusterState,
  api: Pick<KubeApi, 'list'>,
  heard: Readonly<Heard>,
  settle: () => Promise<void>,
): Promise<Drift> {
  const first = await api.list()
  const suspects = new Set(state.differences(first.nodes, first.pods))
  if (suspects.size === 0) return { cluster: [], late: [], cell: state.verify() }
  await settle()
  const { nodes, pods, versions } = await api.list()
  const found = state.differences(nodes, pods).filter((one) => suspects.has(one))
  const versionAt = new Map<string, number>([
    ...nodes.map((node) => [`node ${node.metadata?.name}`, versionOf(node)] as const),
    ...pods.map((pod) => [`pod ${uidOf(pod)}`, versionOf(pod)] as const),
  ])
  const isLate = (one: string) => {
    const kind = one.startsWith('node ') ? 'nodes' : 'pods'
    // A pod that came, was decided and went while the watch was away is told by nobody; its reservation would be asked about in time.
    const neverSeen = kind === 'pods' && !versionAt.has(one) && state.holding(one.slice('pod '.length))?.bound === false
    // What is not there any more went at the latest when it was looked for.
    return neverSeen || (versionAt.get(one) ?? versions[kind]) > heard[kind]
  }
  const late = found.filter(isLate)
  const cluster = found.filter((one) => !isLate(one))
  // Before anything is put right, which makes the cell anew.
  const cell = state.verify()
  if (found.length > 0) state.heal(new Set(found), nodes, pods)
  return { cluster, late, cell }
}
