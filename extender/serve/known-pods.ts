import { NONE } from '../../sim/index.ts'
import type { Pod } from '../../workloads/index.ts'
import { keyOf, uidOf, versionOf } from './holding.ts'

/** How many pods that are gone are remembered, so that a late event does not bring one back. */
const GONE_KEPT = 20_000

/** Which pods there are, and which news of them are news: the API server's watch may repeat itself, be late, or out of order. */
export class KnownPods {
  private readonly uidAt = new Map<string, string>()
  private readonly versions = new Map<string, number>()
  private readonly goneUids = new Set<string>()

  /** Whether this says more than is known; then it is what is known. */
  isNews(pod: Pod): boolean {
    const uid = uidOf(pod)
    if (this.goneUids.has(uid) || versionOf(pod) <= (this.versions.get(uid) ?? NONE)) return false
    this.versions.set(uid, versionOf(pod))
    return true
  }

  /** The UID of another pod that had this one's name, if there was one; it is gone, though nobody said so. */
  takesNameOf(pod: Pod): string | null {
    const before = this.uidAt.get(keyOf(pod))
    this.uidAt.set(keyOf(pod), uidOf(pod))
    return before === undefined || before === uidOf(pod) ? null : before
  }

  gone(uid: string, key: string): void {
    if (this.uidAt.get(key) === uid) this.uidAt.delete(key)
    this.versions.delete(uid)
    this.goneUids.add(uid)
    for (const oldest of this.goneUids) {
      if (this.goneUids.size <= GONE_KEPT) break
      this.goneUids.delete(oldest)
    }
  }

  /** Forgets what was known of a pod, so that the next news of it count. */
  forget(uid: string): void {
    this.versions.delete(uid)
    this.goneUids.delete(uid)
  }
}
