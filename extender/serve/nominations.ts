import type { Pod } from '../../workloads/index.ts'
import { isFinished, uidOf } from './holding.ts'

/**
 * Pods for which victims are making room on a node. kube-scheduler counts them there for all pods of no higher priority, but knows
 * nothing of shares of GPUs: without this, others would take those before the pod comes again.
 */
export class Nominations {
  private readonly pods = new Map<string, Pod>()

  changed(pod: Pod): void {
    if (pod.status?.nominatedNodeName && !pod.spec?.nodeName && !isFinished(pod)) this.pods.set(uidOf(pod), pod)
    else this.pods.delete(uidOf(pod))
  }

  gone(uid: string): void {
    this.pods.delete(uid)
  }

  /** Those that count for this pod, and where, in the order of their UIDs. */
  against(pod: Pod): readonly { readonly pod: Pod; readonly node: string }[] {
    if (this.pods.size === 0) return []
    return [...this.pods]
      .filter(([uid, one]) => uid !== uidOf(pod) && (one.spec?.priority ?? 0) >= (pod.spec?.priority ?? 0))
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([, one]) => ({ pod: one, node: one.status?.nominatedNodeName ?? '' }))
  }
}
