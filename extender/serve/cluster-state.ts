import { type ClassRow, InputError, NONE } from '../../sim/index.ts'
import { type Node, type Pod, PodTranslator, podRequests } from '../../workloads/index.ts'
import { countDevices } from './device-list.ts'
import { devicesOf, type Holding, type HoldingSeed, isFinished, isTurnedDown, keyOf, uidOf, versionOf } from './holding.ts'
import { KnownNodes } from './known-nodes.ts'
import { KnownPods } from './known-pods.ts'
import { classKey, LiveCell, type PackingChoice } from './live-cell.ts'
import { type MixRow, mixOfPods } from './mix.ts'
import { Nominations } from './nominations.ts'
import { kindOf } from './pod-kind.ts'

/** What became of a reservation, or what else happened to the state. */
export type StateEvent =
  | 'reserved'
  | 'confirmed'
  | 'moved'
  | 'deleted'
  | 'finished'
  | 'failed'
  | 'expired'
  | 'asked anew'
  | 'rebuilt'
  | 'unreadable'

export interface StateOptions extends PackingChoice {
  /** The work to come, as far as it is known; null: the pods that are there when the state is first asked. */
  readonly mix: readonly MixRow[] | null
  /** Milliseconds until somebody asks what became of a reservation, and until somebody does where the scheduler says that it failed. */
  readonly expiry: number
  readonly grace: number
  readonly now: () => number
  readonly tell: (event: StateEvent, about: string) => void
}

/** How many kinds of pods' classes are remembered. */
const KINDS_KEPT = 10_000

/** Changes of the cell that a class may be behind before idle time is used: some tenths of a millisecond to look at. */
const FRESHEN_LAG = 200

/** What every cell knows. */
const ALWAYS = new Set(['cpu', 'memory', 'pods'])

/**
 * Which pod holds what on which node: pods that are bound, as the API server tells, and reservations of those that were decided and
 * are not yet bound. The room that is left is the simulator's cell; it is made anew, when next asked for, after nodes came, went or
 * changed.
 */
export class ClusterState {
  readonly nodes = new KnownNodes()
  private readonly pods = new KnownPods()
  private readonly nominations = new Nominations()
  private readonly holdings = new Map<string, Holding>()
  /** A pod for each name of a resource that any pod ever asked for. */
  private readonly asking = new Map<string, Pod>()
  /** Pods that are there, until the mix is learnt from them. */
  private unlearnt: Map<string, Pod> | null
  private mix: readonly MixRow[]
  private live: LiveCell | null = null
  private resources = ''
  /** Classes by kind of pod, as the cell that there is translates them. */
  private readonly kinds = new Map<string, ClassRow>()
  private readonly options: StateOptions

  constructor(options: StateOptions) {
    this.options = options
    this.mix = options.mix ?? []
    this.unlearnt = options.mix === null ? new Map() : null
  }

  /** The cell as it is now. */
  cell(): LiveCell {
    if (!this.live) {
      this.live = this.build()
      this.options.tell('rebuilt', `${this.nodes.count} nodes, ${this.holdings.size} pods, a mix of ${this.mix.length} kinds`)
    }
    return this.live
  }

  /** Does a little of what later decisions would have to; false where nothing is left to do. Moves no decision. */
  freshen(): boolean {
    return this.live?.allocator.freshen(FRESHEN_LAG) ?? false
  }

  holding(uid: string): Holding | undefined {
    return this.holdings.get(uid)
  }

  /** Bound pods and reservations that there are. */
  all(): readonly Holding[] {
    return [...this.holdings.values()]
  }

  /** The class that a pod is of. Throws InputError for amounts that are none. */
  classOf(pod: Pod): ClassRow {
    const kind = kindOf(pod)
    const known = this.live && this.kinds.get(kind)
    if (known) return known
    if (this.learnResources(pod)) this.live = null
    const row = this.cell().translator.classWithoutRules(pod)
    if (this.kinds.size === KINDS_KEPT) this.kinds.clear()
    this.kinds.set(kind, row)
    return row
  }

  /** The row of a class in the cell as it is now, which is made anew where it has no row left. */
  rowOf(row: ClassRow): number {
    const taskClass = this.cell().classOf(row)
    if (taskClass !== NONE) return taskClass
    this.live = null
    return this.cell().classOf(row)
  }

  nodeChanged(node: Node): void {
    if (this.nodes.changed(node)) this.live = null
  }

  nodeGone(node: Node): void {
    if (this.nodes.gone(node)) this.live = null
  }

  /** A pod as the API server has it now. */
  podChanged(pod: Pod): void {
    if (!this.pods.isNews(pod)) return
    const uid = uidOf(pod)
    const before = this.pods.takesNameOf(pod)
    if (before !== null) this.forget(before, keyOf(pod))
    this.nominations.changed(pod)
    this.unlearnt?.set(uid, pod)
    if (isFinished(pod)) this.release(uid, 'finished')
    else if (pod.spec?.nodeName) this.hold(pod, pod.spec.nodeName)
    else if (isTurnedDown(pod)) this.doubt(uid, versionOf(pod))
  }

  podGone(pod: Pod): void {
    this.forget(uidOf(pod), keyOf(pod))
  }

  /** Answers as if the pods for which victims make room, and which count for this one, were there already. */
  withNominated<Answer>(pod: Pod, answer: () => Answer): Answer {
    const claims = this.nominations.against(pod).flatMap((claim) => {
      if (this.holdings.has(uidOf(claim.pod))) return []
      const row = this.tryTranslating(claim.pod)
      return row ? [{ node: claim.node, taskClass: this.rowOf(row) }] : []
    })
    if (claims.length === 0) return answer()
    const cell = this.cell()
    const tasks = claims.flatMap(({ node, taskClass }) => {
      const machine = cell.row(node)
      return machine === NONE ? [] : [cell.place(taskClass, machine, cell.devices(taskClass, machine))]
    })
    try {
      return answer()
    } finally {
      for (const task of tasks) cell.release(task)
    }
  }

  /** Makes a reservation: the pod has been decided to go there. */
  reserve(pod: Pod, row: ClassRow, node: string): Holding {
    const { now, expiry, tell } = this.options
    this.release(uidOf(pod), 'asked anew')
    this.add({ pod, node, bound: false, madeAt: now(), checkAt: now() + expiry }, row, null)
    // Where the class had no row left, the pod gets its devices when the cell is made anew.
    this.cell()
    const holding = this.holdings.get(uidOf(pod))
    if (!holding) throw new Error(`${keyOf(pod)} was reserved, and holds nothing`)
    tell('reserved', holding.key)
    return holding
  }

  /** Lets a reservation wait anew for its confirmation. */
  renew(holding: Holding): void {
    holding.checkAt = this.options.now() + this.options.expiry
  }

  /** Reservations of which somebody should ask what became of them. */
  due(): readonly Holding[] {
    return this.all().filter((holding) => this.isDue(holding))
  }

  isDue(holding: Holding): boolean {
    return this.holdings.get(holding.uid) === holding && !holding.bound && holding.checkAt <= this.options.now()
  }

  /** Frees what a pod holds. Told where it was a reservation. */
  release(uid: string, why: StateEvent): void {
    const holding = this.holdings.get(uid)
    if (!holding) return
    if (holding.task !== NONE) this.live?.release(holding.task)
    this.holdings.delete(uid)
    if (!holding.bound) this.options.tell(why, holding.key)
  }

  /** Nodes that a cell made from nothing has otherwise than the cell that was kept; the new one is taken. */
  verify(): readonly string[] {
    const was = this.cell()
    this.live = null
    return this.cell().differences(was)
  }

  /** What the API server has and this state has not, or has otherwise: `node NAME`, `pod UID`. */
  differences(nodes: readonly Node[], pods: readonly Pod[]): readonly string[] {
    const found = this.nodes.differences(nodes).map((name) => `node ${name}`)
    const alive = new Map(pods.filter((pod) => !isFinished(pod)).map((pod) => [uidOf(pod), pod.spec?.nodeName]))
    for (const [uid, node] of alive) {
      const holding = this.holdings.get(uid)
      if (node ? holding?.node !== node || !holding.bound : holding?.bound) found.push(`pod ${uid}`)
    }
    for (const uid of this.holdings.keys()) if (!alive.has(uid)) found.push(`pod ${uid}`)
    return found
  }

  /** Takes the API server's word for these. */
  heal(differences: ReadonlySet<string>, nodes: readonly Node[], pods: readonly Pod[]): void {
    for (const one of differences) {
      const [kind, name] = one.split(' ')
      if (kind === 'node') this.nodes.forget(name)
      else {
        const { key = '' } = this.holdings.get(name) ?? {}
        this.forget(name, key)
        this.pods.forget(name)
      }
    }
    this.live = null
    for (const node of nodes) if (differences.has(`node ${node.metadata?.name}`)) this.nodeChanged(node)
    for (const pod of pods) if (differences.has(`pod ${uidOf(pod)}`)) this.podChanged(pod)
  }

  private hold(pod: Pod, node: string): void {
    const uid = uidOf(pod)
    const before = this.holdings.get(uid)
    const said = devicesOf(pod)
    const row = this.live ? this.readClass(pod) : null
    if (this.live && row === null) return
    if (before?.node === node && (said === null || said === before.devices) && isSameClass(before.row, row)) {
      this.holdings.set(uid, { ...before, pod, row, bound: true })
      if (!before.bound) this.options.tell('confirmed', before.key)
      return
    }
    this.release(uid, before?.node === node ? 'confirmed' : 'moved')
    this.add({ pod, node, bound: true, madeAt: 0, checkAt: 0 }, row, said)
  }

  /** The scheduler says that it failed: asks soon what became of it. News from before the reservation say nothing. */
  private doubt(uid: string, version: number): void {
    const holding = this.holdings.get(uid)
    if (!holding || holding.bound || version <= versionOf(holding.pod)) return
    holding.checkAt = Math.min(holding.checkAt, this.options.now() + this.options.grace)
  }

  private forget(uid: string, key: string): void {
    this.release(uid, 'deleted')
    this.unlearnt?.delete(uid)
    this.nominations.gone(uid)
    this.pods.gone(uid, key)
  }

  private add(seed: HoldingSeed, row: ClassRow | null, devices: number | null): void {
    const holding: Holding = { ...seed, uid: uidOf(seed.pod), key: keyOf(seed.pod), row, devices, task: NONE }
    this.holdings.set(holding.uid, holding)
    // A cell that is still to be made takes it up then.
    if (this.live && !place(holding, this.live)) this.live = null
  }

  private build(): LiveCell {
    this.kinds.clear()
    const nodes = this.nodes.byName()
    const { unlearnt } = this
    for (const pod of [...(unlearnt?.values() ?? []), ...this.all().flatMap(({ row, pod }) => (row ? [] : [pod]))]) this.tryLearning(pod)
    const asking = [...this.asking.values()]
    if (unlearnt) {
      this.unlearnt = null
      const translator = new PodTranslator({ ...NOTHING, nodes, pods: asking })
      this.mix = mixOfPods([...unlearnt.values()].flatMap((pod) => this.tryTranslating(pod, translator) ?? []))
    }
    const kinds = new Set(this.all().map(({ row }) => (row ? classKey(row) : '')))
    const unread = this.all().filter(({ row }) => row === null).length
    const live = new LiveCell(nodes, asking, this.mix, this.options, 2 * (kinds.size + unread))
    const resources = live.translator.resources.map(({ name }) => name).join()
    const isNew = resources !== this.resources
    this.resources = resources
    for (const holding of this.all()) {
      holding.task = NONE
      if (holding.row && !isNew) continue
      holding.row = this.tryTranslating(holding.pod, live.translator)
      if (holding.row === null) this.holdings.delete(holding.uid)
    }
    // Those whose devices are known first: the others get what these leave.
    const known = this.all().filter(({ devices }) => devices !== null)
    const unknown = this.all().filter(({ devices }) => devices === null)
    for (const holding of [...known, ...unknown.sort(byStart)])
      if (!place(holding, live)) throw new Error(`no row is left for the class of ${holding.key}`)
    return live
  }

  /** Whether the pod asks for a resource of a name that nobody asked for before. */
  private learnResources(pod: Pod): boolean {
    const news = Object.keys(podRequests(pod).request).filter((name) => !ALWAYS.has(name) && !this.asking.has(name))
    for (const name of news) this.asking.set(name, pod)
    return news.length > 0
  }

  /** The class of a bound pod; null, told and given up where it makes no sense. */
  private readClass(pod: Pod): ClassRow | null {
    try {
      return this.classOf(pod)
    } catch (error) {
      this.release(uidOf(pod), 'unreadable')
      return this.tellUnreadable(error)
    }
  }

  private tryLearning(pod: Pod): void {
    try {
      this.learnResources(pod)
    } catch (error) {
      this.tellUnreadable(error)
    }
  }

  private tryTranslating(pod: Pod, translator?: PodTranslator): ClassRow | null {
    try {
      return translator ? translator.classWithoutRules(pod) : this.classOf(pod)
    } catch (error) {
      return this.tellUnreadable(error)
    }
  }

  private tellUnreadable(error: unknown): null {
    if (!(error instanceof InputError)) throw error
    this.options.tell('unreadable', error.message)
    return null
  }
}

const NOTHING = { priorityClasses: [], namespaces: [], services: [], controllers: [], budgets: [] }

const isSameClass = (one: ClassRow | null, other: ClassRow | null): boolean =>
  one === null || other === null || classKey(one) === classKey(other)

function byStart(a: Holding, b: Holding): number {
  const start = ({ pod }: Holding) => new Date(pod.status?.startTime ?? pod.metadata?.creationTimestamp ?? 0).getTime()
  return start(a) - start(b) || (a.key < b.key ? -1 : 1)
}

/** Puts a pod on its node, where that is there; false where its class has no row left. */
function place(holding: Holding, live: LiveCell): boolean {
  const machine = live.row(holding.node)
  if (machine === NONE || holding.row === null) return true
  const taskClass = live.classOf(holding.row)
  if (taskClass === NONE) return false
  const isGiven =
    holding.devices !== null && countDevices(holding.devices) === (holding.row.devices ?? 0) && live.hasDevices(machine, holding.devices)
  const devices = isGiven && holding.devices !== null ? holding.devices : live.devices(taskClass, machine)
  holding.devices = devices
  holding.task = live.place(taskClass, machine, devices)
  return true
}
