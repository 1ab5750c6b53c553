import { kubePlugins } from '../policies/index.ts'
import { NONE, type Trace } from '../sim/index.ts'
import { translateCluster } from '../workloads/index.ts'
import { type Decision, ForcedScheduler } from './forced-scheduler.ts'
import type { RecordedDecision, Recording } from './recording.ts'
import { listDevices } from './serve/device-list.ts'

/** Where the simulator and the recorded scheduler disagree. */
export interface Difference {
  readonly pod: string
  readonly what: string
  readonly recorded: string
  readonly simulated: string
}

export interface ReplayCounts {
  /** How many single scores of nodes by plugins were compared, totals among them. */
  readonly scores: number
  readonly placed: number
  readonly unschedulable: number
  /** Messages of unschedulable pods that were compared. */
  readonly messages: number
  readonly preemptions: number
  /** Decisions with several nodes at the best score, and those where the simulator took the recorded one of them. */
  readonly ties: number
  readonly tiesEqual: number
}

const SIMULATED = new Set(['total', ...kubePlugins.map(({ name }) => name)])

/** From this minor version on ties are no matter of chance. */
const TIES_ARE_FIXED = 35

/** Holds decisions of a recording against the simulator's, and keeps count. */
export class DecisionComparison {
  readonly differences: Difference[] = []
  readonly counts: { -readonly [Name in keyof ReplayCounts]: number } = {
    scores: 0,
    placed: 0,
    unschedulable: 0,
    messages: 0,
    preemptions: 0,
    ties: 0,
    tiesEqual: 0,
  }
  readonly trace: Trace
  readonly scheduler: ForcedScheduler
  /** Machine row of each node of the recording, run row of each pod. */
  readonly rows: readonly number[]
  private readonly runOf: ReadonlyMap<string, number>
  private readonly tiesAreFixed: boolean

  constructor({ minor, nodes, cluster, title, profile, extender }: Recording) {
    this.trace = translateCluster(cluster, title)
    this.scheduler = new ForcedScheduler(this.trace, profile, extender)
    const rowOf = new Map(this.trace.machines.id.map((id, row) => [id, row]))
    this.rows = nodes.map(({ metadata }) => rowOf.get(metadata?.name ?? '') ?? NONE)
    this.runOf = new Map(this.trace.jobs.id.map((id, run) => [bare(id), run]))
    this.tiesAreFixed = minor >= TIES_ARE_FIXED || extender !== null
  }

  compareChoice(decision: RecordedDecision, node: number, { ranking, chosen: simulated }: Decision): void {
    const { pod, feasible, total, scores = {} } = decision
    const { machines, scores: totals, terms } = ranking
    const chosen = this.rows[node]
    if (feasible !== undefined && feasible !== machines.length) this.tell(pod, 'feasible', `${feasible} nodes`, `${machines.length} nodes`)
    if (total !== undefined) {
      this.compareScores(pod, 'total', total, machines, totals)
      for (const name of new Set([...Object.keys(scores), ...terms.keys()]))
        this.compareScores(pod, name, scores[name], machines, terms.get(name))
    }
    const best = Math.max(...totals)
    const equals = machines.filter((_, i) => totals[i] === best)
    if (!machines.includes(chosen))
      this.tell(pod, 'node', this.named(chosen), `no room there: ${this.scheduler.reasons(this.run(pod), chosen)}`)
    else if (!equals.includes(chosen)) this.tell(pod, 'node', this.named(chosen), Array.from(equals, (row) => this.named(row)).join(' or '))
    else if (equals.length > 1) {
      this.counts.ties++
      if (simulated === chosen) this.counts.tiesEqual++
      else if (this.tiesAreFixed) this.tell(pod, 'node among equals', this.named(chosen), this.named(simulated))
    }
  }

  /** Whether this could have been decided as things stand, ties aside. */
  couldBe({ pod, node }: RecordedDecision): boolean {
    const { machines, scores } = this.scheduler.rank(this.run(pod))
    return node === null ? machines.length === 0 : scores[machines.indexOf(this.rows[node])] === Math.max(...scores)
  }

  /** Which GPUs it got, where that is known. */
  compareDevices({ pod, devices }: RecordedDecision, machine: number): void {
    if (devices === undefined) return
    const simulated = listDevices(this.scheduler.devices(this.run(pod), machine))
    if (devices !== simulated) this.tell(pod, `GPUs on ${this.named(machine)}`, devices, simulated)
  }

  private compareScores(
    pod: string,
    name: string,
    recorded: readonly (number | null)[] | number | undefined,
    machines: Int32Array,
    simulated: Float64Array | undefined,
  ): void {
    // A plugin that is not simulated must have added nothing: DynamicResources scores 0 for pods without claims.
    if (simulated === undefined && !SIMULATED.has(name) && [recorded].flat().every((score) => !score)) return
    if (recorded === undefined || simulated === undefined) {
      this.tell(pod, name, recorded === undefined ? 'skipped' : 'scored', simulated === undefined ? 'skipped' : 'scored')
      return
    }
    for (const [index, row] of this.rows.entries()) {
      const place = machines.indexOf(row)
      const mine = place < 0 ? null : simulated[place]
      const theirs = typeof recorded !== 'number' ? recorded[index] : mine === null ? null : recorded
      if (mine !== null) this.counts.scores++
      if (mine !== theirs) this.tell(pod, `${name} on ${this.named(row)}`, String(theirs), String(mine))
    }
  }

  /** Up to what is said of preemption, which depends on the version. */
  compareMessage(pod: string, message: string | undefined, machines: Int32Array): void {
    if (machines.length > 0) this.tell(pod, 'feasible', 'no nodes', Array.from(machines, (row) => this.named(row)).join(', '))
    if (machines.length > 0 || message === undefined) return
    this.counts.messages++
    const [recorded] = message.split(/ (?:no new claims|preemption:)/)
    const simulated = this.scheduler.message(this.run(pod))
    if (recorded !== simulated) this.tell(pod, 'message', recorded, simulated)
  }

  /** The node must be among the cheapest by all criteria, with these victims; where none is recorded, none may be found. */
  compareEviction(pod: string, nominated: number | undefined, victims: readonly string[]): void {
    const { cheapest } = this.scheduler.evictions(this.run(pod))
    const node = nominated === undefined ? NONE : this.rows[nominated]
    const found = cheapest.find(({ machine }) => machine === node)
    const simulated = found?.victims.map((victim) => bare(this.trace.jobs.id[victim])).sort()
    const options = cheapest.map(({ machine }) => this.named(machine)).join(' or ') || 'none'
    if (!simulated) {
      if (node !== NONE || cheapest.length > 0) this.tell(pod, 'node where room is made', this.named(node), options)
    } else if (simulated.join() !== [...victims].sort().join())
      this.tell(pod, 'victims', [...victims].sort().join(', '), simulated.join(', '))
  }

  tell(pod: string, what: string, recorded: string, simulated: string): void {
    this.differences.push({ pod, what, recorded, simulated })
  }

  named(row: number): string {
    return row === NONE ? 'none' : this.trace.machines.id[row]
  }

  run(pod: string): number {
    const found = this.runOf.get(pod)
    if (found === undefined) throw new Error(`no such pod in the recording: ${pod}`)
    return found
  }
}

/** A bare pod's name, without its namespace. */
const bare = (id: string) => id.replace(/^[^/]*\//, '')
