import type { ClusterState } from './cluster-state.ts'
import type { KubeApi } from './kube-api.ts'

/** What was found to differ, and was put right. */
export interface Drift {
  /** `node NAME` and `pod UID` that the API server had otherwise than we, both times that they were looked at. */
  readonly cluster: readonly string[]
  /** Nodes whose room was not what the pods on them leave. */
  readonly cell: readonly string[]
}

/**
 * Compares the state with a fresh list, and the cell with one made from nothing; heals what differs. What differs only because news is
 * under way is gone when it is looked at again, after `settle`.
 */
export async function checkDrift(state: ClusterState, api: Pick<KubeApi, 'list'>, settle: () => Promise<void>): Promise<Drift> {
  const first = await api.list()
  const suspects = new Set(state.differences(first.nodes, first.pods))
  let cluster: readonly string[] = []
  if (suspects.size > 0) {
    await settle()
    const { nodes, pods } = await api.list()
    cluster = state.differences(nodes, pods).filter((one) => suspects.has(one))
    if (cluster.length > 0) state.heal(new Set(cluster), nodes, pods)
  }
  return { cluster, cell: state.verify() }
}
