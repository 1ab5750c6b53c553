import type { CellView, Packing } from '../../sim/index.ts'
import { pinnedTo } from './selects.ts'

/** Below this many nodes all are looked at. */
const FEW = 100
const LEAST_PERCENT = 5

/**
 * In which order kube-scheduler looks at nodes, and at how many: from where the last decision stopped, round and round, until
 * enough fit. As with `parallelism: 1`; with more, the nodes looked at beyond the last that is needed differ from run to run.
 */
export function nodeSample({ machines: { count: all, present }, rules }: CellView, percentage: number): NonNullable<Packing['sample']> {
  const has = new Uint8Array(all)
  const kept = new Int32Array(all)
  let start = 0
  const pinned = new Map<number, number | null>()
  /** How many nodes required node affinity names, or null for any. */
  const named = (taskClass: number): number | null => {
    if (!rules) return null
    const known = pinned.get(taskClass)
    if (known !== undefined) return known
    const ids = pinnedTo(rules, taskClass)
    const found = ids && rules.ids.filter((id, machine) => present[machine] && ids.has(id)).length
    pinned.set(taskClass, found)
    return found
  }
  return (taskClass, machines, count) => {
    const rows: number[] = []
    for (let machine = 0; machine < all; machine++) if (present[machine]) rows.push(machine)
    const nodes = rows.length
    if (nodes === 0) return count
    const only = named(taskClass)
    if (only !== null) {
      start = (start + only) % nodes
      return count
    }
    has.fill(0)
    for (let i = 0; i < count; i++) has[machines[i]] = 1
    const enough = howMany(nodes, percentage)
    const chunk = Math.max(1, Math.floor(Math.sqrt(nodes)))
    let processed = 0
    let found = 0
    for (let i = 0, stop = nodes; i < stop; i++) {
      const machine = rows[(start + i) % nodes]
      if (!has[machine]) processed++
      else if (found < enough) {
        kept[found++] = machine
        processed++
      } else if (stop === nodes) stop = Math.min(nodes, (Math.floor(i / chunk) + 1) * chunk)
    }
    start = (start + processed) % nodes
    machines.set(kept.subarray(0, found))
    return found
  }
}

/** How many nodes that fit are enough. */
function howMany(nodes: number, percentage: number): number {
  if (nodes < FEW || percentage >= 100) return nodes
  const percent = percentage > 0 ? percentage : Math.max(LEAST_PERCENT, 50 - Math.trunc(nodes / 125))
  return Math.max(FEW, Math.trunc((nodes * percent) / 100))
}
