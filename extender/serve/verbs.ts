import type { ClassRow } from '../../sim/index.ts'
import { NONE } from '../../sim/index.ts'
import type { Pod } from '../../workloads/index.ts'
import type { ClusterState } from './cluster-state.ts'
import { keyOf } from './holding.ts'
import type { ExtenderArgs, FilterResult, HostPriorityList, PreemptionArgs, PreemptionResult } from './wire.ts'

/** `decide`: filter returns the one node and reserves it. `advise`: it returns all that have room, and prioritize says how good they are. */
export const MODES = ['decide', 'advise'] as const
export type Mode = (typeof MODES)[number]

export interface VerbOptions {
  readonly mode: Mode
  /** Namespaces whose pods pass unchanged. */
  readonly letThrough: ReadonlySet<string>
  /** What the best node gets in prioritize; the worst gets 0. */
  readonly mostScore: number
  readonly decided: (decision: Decision, pod: ExtenderArgs['pod']) => void
  /** Waits for news that are under way; gives why some may be missing still. */
  readonly doubt: (pod: ExtenderArgs['pod']) => Promise<string>
}

type Outcome = 'placed' | 'advised' | 'kept' | 'no room' | 'not known' | 'let through'

/** What filter answered, for `/explain`, metrics and the log. */
export interface Decision {
  readonly pod: string
  readonly uid: string
  readonly outcome: Outcome
  /** How many nodes were given. */
  readonly asked: number
  readonly node?: string
  readonly devices?: number
  /** The policy's score of the node. */
  readonly score?: number
  /** Where none has room: how many nodes each reason holds for; where that is not known, why. */
  readonly reasons?: Readonly<Record<string, number>>
}

/**
 * The verbs of kube-scheduler's extenders, answered by the simulator's policy from the state. Each runs to its end without a pause, so
 * that two that are asked at once never see the same room.
 */
export class Verbs {
  private readonly state: ClusterState
  private readonly options: VerbOptions

  constructor(state: ClusterState, options: VerbOptions) {
    this.state = state
    this.options = options
  }

  isLetThrough(pod: Pod): boolean {
    return this.options.letThrough.has(pod.metadata?.namespace ?? 'default')
  }

  /**
   * Where the pod may go. In mode `decide` one node, which is reserved for it. None has room: a reason for each; but an `Error` where that
   * may not be so any more, after which kube-scheduler tries again by itself. Rejects with InputError for a pod that makes no sense.
   */
  async filter(args: ExtenderArgs): Promise<FilterResult> {
    const found = this.findRoom(args)
    if (found) return found
    const doubt = await this.options.doubt(args.pod)
    return this.findRoom(args) ?? (doubt === '' ? this.refuse(args) : this.postpone(args, doubt))
  }

  /** null: no node has room. */
  private findRoom(args: ExtenderArgs): FilterResult | null {
    const { pod, names } = args
    if (this.isLetThrough(pod)) return this.answer(args, names, { outcome: 'let through' })
    const row = this.state.classOf(pod)
    this.state.rowOf(row)
    return this.state.withNominated(pod, () => (this.options.mode === 'decide' ? this.decide(args, row) : this.advise(args, row)))
  }

  /** How good each node is for the pod: whole numbers from 0, the best `mostScore`. In mode `decide` all of it is the reserved node's. */
  prioritize({ pod, names }: ExtenderArgs): HostPriorityList {
    if (this.isLetThrough(pod)) return names.map((Host) => ({ Host, Score: 0 }))
    const { mostScore, mode } = this.options
    const reserved = this.state.holding(pod.metadata.uid)?.node
    if (mode === 'decide') return names.map((Host) => ({ Host, Score: Host === reserved ? mostScore : 0 }))
    const taskClass = this.state.rowOf(this.state.classOf(pod))
    const cell = this.state.cell()
    const roomy = cell.feasible(taskClass, names)
    const { scores } = cell.rank(taskClass, roomy)
    const least = scores.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY)
    const most = scores.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY)
    const scale = (score: number) => (most === least ? mostScore : Math.round((mostScore * (score - least)) / (most - least)))
    const scoreOf = new Map(roomy.map((name, i) => [name, scale(scores[i])]))
    return names.map((Host) => ({ Host, Score: scoreOf.get(Host) ?? 0 }))
  }

  /** Those of the nodes where the pod has room once these victims are gone. */
  preempt({ pod, victims }: PreemptionArgs): PreemptionResult {
    const row = this.isLetThrough(pod) ? null : this.state.classOf(pod)
    if (row) this.state.rowOf(row)
    const fits = (node: string, uids: readonly string[]) => row === null || this.fitsWithout(row, node, uids)
    const kept = this.state.withNominated(pod, () => [...victims].filter(([node, { uids }]) => fits(node, uids)))
    return {
      NodeNameToMetaVictims: Object.fromEntries(
        kept.map(([node, { uids, violations }]) => [node, { Pods: uids.map((UID) => ({ UID })), NumPDBViolations: violations }]),
      ),
    }
  }

  private decide(args: ExtenderArgs, row: ClassRow): FilterResult | null {
    const { pod, names } = args
    const holding = this.state.holding(pod.metadata.uid)
    // Asked again, by the same scheduler after a failure or by another one: the pod still has its room.
    if (holding && this.state.cell().row(holding.node) !== NONE && names.includes(holding.node)) {
      if (!holding.bound) this.state.renew(holding)
      return this.answer(args, [holding.node], { outcome: 'kept', node: holding.node, devices: holding.devices ?? 0 })
    }
    if (holding?.bound) return this.fail(args, `pod is bound to ${holding.node}`)
    if (holding) this.state.release(holding.uid, 'asked anew')
    const taskClass = this.state.rowOf(row)
    const cell = this.state.cell()
    const machine = cell.choose(taskClass, names)
    if (machine === NONE) return null
    const score = cell.allocator.score(taskClass, machine)
    const node = cell.node(machine)
    const { devices } = this.state.reserve(pod, row, node)
    return this.answer(args, [node], { outcome: 'placed', node, devices: devices ?? 0, score })
  }

  private advise(args: ExtenderArgs, row: ClassRow): FilterResult | null {
    const taskClass = this.state.rowOf(row)
    const roomy = this.state.cell().feasible(taskClass, args.names)
    return roomy.length === 0 ? null : this.answer(args, roomy, { outcome: 'advised' })
  }

  /** No node: a reason for each, since one without would count as beyond help, and no preemption would be tried. */
  private refuse(args: ExtenderArgs): FilterResult {
    const failed = this.state.withNominated(args.pod, () => {
      const taskClass = this.state.rowOf(this.state.classOf(args.pod))
      const cell = this.state.cell()
      return Object.fromEntries(args.names.map((name) => [name, cell.whyNot(taskClass, name)]))
    })
    const reasons: Record<string, number> = {}
    for (const why of Object.values(failed)) reasons[why] = (reasons[why] ?? 0) + 1
    return this.answer(args, [], { outcome: 'no room', reasons }, failed)
  }

  /** No node as far as is known, which is not far enough to say so. */
  private postpone(args: ExtenderArgs, doubt: string): FilterResult {
    this.tell(args, { outcome: 'not known', reasons: { [doubt]: args.names.length } })
    return this.fail(args, `no room as far as is known, but ${doubt}`)
  }

  private tell({ pod, names }: ExtenderArgs, decision: Omit<Decision, 'pod' | 'uid' | 'asked'>): void {
    this.options.decided({ ...decision, pod: keyOf(pod), uid: pod.metadata.uid, asked: names.length }, pod)
  }

  private answer(
    args: ExtenderArgs,
    chosen: readonly string[],
    decision: Omit<Decision, 'pod' | 'uid' | 'asked'>,
    failed: Readonly<Record<string, string>> = {},
  ): FilterResult {
    this.tell(args, decision)
    const { nodes } = args
    const isChosen = nodes && new Set(chosen)
    return {
      Nodes: isChosen ? { metadata: {}, items: nodes.filter(({ metadata }) => isChosen.has(metadata?.name ?? '')) } : null,
      NodeNames: nodes ? null : chosen,
      FailedNodes: failed,
      FailedAndUnresolvableNodes: {},
      Error: '',
    }
  }

  private fail({ nodes }: ExtenderArgs, error: string): FilterResult {
    return { Nodes: null, NodeNames: nodes ? null : [], FailedNodes: {}, FailedAndUnresolvableNodes: {}, Error: error }
  }

  /** Tries it: takes the victims off, asks, and puts them back as they were. */
  private fitsWithout(row: ClassRow, node: string, uids: readonly string[]): boolean {
    const taskClass = this.state.rowOf(row)
    const cell = this.state.cell()
    const there = uids.flatMap((uid) => {
      const holding = this.state.holding(uid)
      return holding && holding.node === node && holding.task !== NONE ? [holding] : []
    })
    for (const { task } of there) cell.release(task)
    const fits = cell.fits(taskClass, node)
    for (const holding of there) {
      const place = holding.row === null ? NONE : cell.classOf(holding.row)
      holding.task = cell.place(place, cell.row(node), holding.devices ?? 0)
    }
    return fits
  }
}
