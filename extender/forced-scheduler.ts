import {
  ignoreResources,
  type KubeProfile,
  kubeConstraint,
  kubePacking,
  overcommitPolicies,
  parsePacking,
  unschedulableMessage,
  whyNot,
} from '../policies/index.ts'
import { Allocator, Cell, type Eviction, KubePreemption, NONE, type Ranking, type Trace } from '../sim/index.ts'
import type { AskedExtender } from './recording.ts'
import { withMix } from './with-mix.ts'

/** What the simulator would do with a pod, with everything that led to it. Machines are rows of the trace. */
export interface Decision {
  /** Machines with room, in row order, with their scores. */
  readonly ranking: Ranking
  /** NONE where none has room. */
  readonly chosen: number
}

/** The simulator's own cell, policies and tie-break, told what to place: for comparing decision by decision. */
export class ForcedScheduler {
  readonly trace: Trace
  readonly cell: Cell
  private readonly allocator: Allocator
  private readonly preemption: KubePreemption
  private readonly why: ReturnType<typeof whyNot>
  private readonly taskOf = new Map<number, number>()

  /** With an extender its policy chooses among the nodes that pass the profile's filters, and no score of the profile counts. */
  constructor(trace: Trace, profile: KubeProfile, extender: AskedExtender | null = null) {
    this.trace = ignoreResources(extender ? withMix(trace, extender.mix) : trace, profile.fit)
    this.cell = new Cell(this.trace, overcommitPolicies.none, {}, kubeConstraint(profile))
    const { policy, parameters } = extender ? parsePacking(extender.packing) : { policy: kubePacking(profile), parameters: {} }
    this.allocator = new Allocator(this.cell, policy, parameters, { tie: 'lowest-id', seed: 1, scoreStep: 0 })
    this.preemption = new KubePreemption(this.cell, this.allocator)
    this.why = whyNot(this.cell.sight(0), profile)
  }

  /** What it would choose; once a decision, since the place where the scheduler looks first moves on. */
  decide(run: number): Decision {
    const taskClass = this.trace.runs.class[run]
    return { ranking: this.allocator.rank(taskClass), chosen: this.allocator.choose(taskClass) }
  }

  /** How good these machines are, or all that have room. */
  rank(run: number, machines?: Int32Array): Ranking {
    return this.allocator.rank(this.trace.runs.class[run], machines)
  }

  fits(run: number, machine: number): boolean {
    return this.cell.fits(this.trace.runs.class[run], machine)
  }

  /** Why a machine will not do, in kube-scheduler's words; empty where it will. */
  reasons(run: number, machine: number): readonly string[] {
    return this.why(this.trace.runs.class[run], machine)
  }

  /** Whether evicting could help there. */
  mayOpen(run: number, machine: number): boolean {
    return this.preemption.couldHelp(this.trace.runs.class[run], machine)
  }

  /** Why no machine will do, in kube-scheduler's words. */
  message(run: number): string {
    const taskClass = this.trace.runs.class[run]
    const reasons: (readonly string[])[] = []
    for (let machine = 0; machine < this.cell.machines; machine++)
      if (this.cell.present[machine]) reasons.push(this.why(taskClass, machine))
    return unschedulableMessage(reasons)
  }

  /** All ways to make room by evicting, and the cheapest of them. Victims are runs. */
  evictions(run: number): { readonly all: readonly Eviction[]; readonly cheapest: readonly Eviction[] } {
    const { tasks } = this.cell
    const inRuns = (evictions: readonly Eviction[]) =>
      evictions.map((eviction) => ({ ...eviction, victims: eviction.victims.map((task) => tasks.run[task]) }))
    const all = this.preemption.evictions(this.trace.runs.class[run])
    return { all: inRuns(all), cheapest: inRuns(this.preemption.cheapest(all)) }
  }

  /** The GPUs that it would give there, as bits. */
  devices(run: number, machine: number): number {
    return this.allocator.devices(this.trace.runs.class[run], machine)
  }

  place(run: number, machine: number, devices = this.devices(run, machine)): void {
    const { runs, tasks: rows } = this.trace
    const taskClass = runs.class[run]
    const task = this.cell.tasks.add(run, taskClass, rows.job[runs.task[run]], 0)
    this.cell.place(task, machine, devices)
    this.taskOf.set(run, task)
  }

  /** Counts the pod there (+1), or no more (−1), without giving it any device, whether or not it fits. */
  count(run: number, machine: number, sign: 1 | -1): void {
    this.cell.account(this.trace.runs.class[run], machine, 0, sign)
  }

  release(run: number): void {
    const task = this.taskOf.get(run) ?? NONE
    if (task === NONE) throw new Error(`run ${run} is not placed`)
    this.cell.release(task)
    this.cell.tasks.remove(task)
    this.taskOf.delete(run)
  }
}
