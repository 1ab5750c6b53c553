import { InputError } from '../../sim/index.ts'
import type { ClusterState } from './cluster-state.ts'
import { listDevices } from './device-list.ts'
import type { Decision } from './verbs.ts'
import type { ExtenderArgs } from './wire.ts'

/** How many pods' last decisions are remembered, and how many of the best nodes are told. */
const KEPT = 10_000
const BEST = 5

interface Told {
  readonly at: string
  readonly decision: Decision
  readonly pod: ExtenderArgs['pod']
}

/** Why a pod went where it went, or why it waits: its last decision, what it holds, and how it would fare now. */
export class Explanations {
  private readonly last = new Map<string, Told>()
  private readonly state: ClusterState

  constructor(state: ClusterState) {
    this.state = state
  }

  remember(decision: Decision, pod: ExtenderArgs['pod'], at: string): void {
    this.last.delete(decision.pod)
    this.last.set(decision.pod, { at, decision, pod })
    for (const oldest of this.last.keys()) {
      if (this.last.size <= KEPT) break
      this.last.delete(oldest)
    }
  }

  /** null where nothing is known of the pod. `key` is `namespace/name`. */
  explain(key: string): object | null {
    const told = this.last.get(key)
    const holding = this.state.all().find((one) => one.key === key)
    if (!told && !holding) return null
    const { decision } = told ?? {}
    return {
      pod: key,
      decided: decision && { at: told?.at, ...decision, ...(decision.devices !== undefined && { devices: listDevices(decision.devices) }) },
      holds: holding && { node: holding.node, devices: listDevices(holding.devices ?? 0), bound: holding.bound },
      now: this.now(holding?.pod ?? told?.pod),
    }
  }

  /** For another pod of its kind, as things are. */
  private now(pod: ExtenderArgs['pod'] | Parameters<ClusterState['classOf']>[0] | undefined): object | undefined {
    if (!pod) return undefined
    try {
      const row = this.state.classOf(pod)
      const taskClass = this.state.rowOf(row)
      const cell = this.state.cell()
      const { machines, roomy, short } = cell.shortages(taskClass)
      const ranking = cell.allocator.rank(taskClass)
      const best = [...ranking.machines]
        .map((machine, i) => ({ node: cell.node(machine), score: ranking.scores[i] }))
        .sort((a, b) => b.score - a.score || (a.node < b.node ? -1 : 1))
        .slice(0, BEST)
      const asks = Object.fromEntries(cell.cell.resources.map((name, r) => [name, cell.cell.request[r][taskClass]]))
      return { asks: { ...asks, devices: row.devices, milli: row.milli }, nodes: machines, withRoom: roomy, short, best }
    } catch (error) {
      if (error instanceof InputError) return { error: error.message }
      throw error
    }
  }
}
