import {
  ignoreResources,
  type KubeProfile,
  kubeConstraint,
  kubePacking,
  kubeTerms,
  overcommitPolicies,
  type TermScores,
  unschedulableMessage,
  whyNot,
} from '../policies/index.ts'
import { Allocator, Cell, type Eviction, KubePreemption, NONE, randomStream, type Trace } from '../sim/index.ts'

/** What the simulator would do with a pod, with everything that led to it. Machines are rows of the trace. */
export interface Decision {
  /** Machines with room, in row order; scores in the same order. */
  readonly feasible: Int32Array
  readonly terms: TermScores
  readonly total: Float64Array
  /** NONE where none has room. */
  readonly chosen: number
}

/** The simulator's own cell, policies and tie-break, told what to place: for comparing decision by decision. */
export class ForcedScheduler {
  readonly trace: Trace
  readonly cell: Cell
  private readonly allocator: Allocator
  private readonly preemption: KubePreemption
  private readonly terms: ReturnType<typeof kubeTerms>
  private readonly why: ReturnType<typeof whyNot>
  private readonly taskOf = new Map<number, number>()

  constructor(trace: Trace, profile: KubeProfile, seed = 1) {
    this.trace = ignoreResources(trace, profile.fit)
    this.cell = new Cell(this.trace, overcommitPolicies.none, {}, kubeConstraint(profile))
    this.allocator = new Allocator(this.cell, kubePacking(profile), {}, { tie: 'lowest-id', seed, scoreStep: 0 })
    this.preemption = new KubePreemption(this.cell, this.allocator)
    const view = this.cell.view(0, randomStream(seed, 'policy'))
    this.terms = kubeTerms(view, profile)
    this.why = whyNot(view, profile)
  }

  /** What it would choose; once a decision, since the place where the scheduler looks first moves on. */
  decide(run: number): Decision {
    const taskClass = this.trace.runs.class[run]
    const feasible = Int32Array.from(this.allocator.rank(taskClass), ({ machine }) => machine)
    const total = Float64Array.from(this.allocator.rank(taskClass), ({ score }) => score)
    return { feasible, terms: this.terms(taskClass, feasible, feasible.length), total, chosen: this.allocator.choose(taskClass) }
  }

  /** The terms of the scores of all machines, whether or not they fit. */
  scores(run: number): TermScores {
    const all = Int32Array.from({ length: this.cell.machines }, (_, machine) => machine)
    return this.terms(this.trace.runs.class[run], all, all.length)
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

  place(run: number, machine: number): void {
    const { runs, tasks: rows } = this.trace
    const taskClass = runs.class[run]
    const task = this.cell.tasks.add(run, taskClass, rows.job[runs.task[run]], 0)
    this.cell.place(task, machine, this.allocator.devices(taskClass, machine))
    this.taskOf.set(run, task)
  }

  release(run: number): void {
    const task = this.taskOf.get(run) ?? NONE
    if (task === NONE) throw new Error(`run ${run} is not placed`)
    this.cell.release(task)
    this.cell.tasks.remove(task)
    this.taskOf.delete(run)
  }
}
