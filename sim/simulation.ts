import { AdmissionDesk } from './admission-desk.ts'
import { Allocator } from './allocator.ts'
import { type Arrival, type ArrivalSource, type Stream, TraceSource } from './arrival-source.ts'
import { Cell } from './cell.ts'
import { EventQueue, KINDS } from './event-queue.ts'
import { KubePreemption } from './kube-preemption.ts'
import type { Measured } from './measured.ts'
import type { EvictionCause, Observer } from './observer.ts'
import { PendingQueue } from './pending-queue.ts'
import { Placeable } from './placeable.ts'
import type { AdmissionPolicy, ConstraintPolicy, OvercommitPolicy, PackingPolicy, ParameterValues } from './policy.ts'
import { Preemption, type PreemptionRule } from './preemption.ts'
import { QueuePass } from './queue-pass.ts'
import { STATES } from './task-rows.ts'
import type { Tie } from './tie-order.ts'
import { MACHINE_EVENTS, NONE, type Trace, type Workload } from './trace.ts'

/** A policy with its parameters. */
export interface Chosen<Policy> {
  readonly policy: Policy
  readonly parameters: ParameterValues
}

export interface SimulationOptions {
  readonly admission: Chosen<AdmissionPolicy>
  readonly packing: Chosen<PackingPolicy>
  readonly overcommit: Chosen<OvercommitPolicy>
  /** What heeds the trace's rules beyond room; needed where it has some. */
  readonly constraint?: ConstraintPolicy
  readonly tie: Tie
  readonly preemption: PreemptionRule
  readonly scoreStep: number
  /** As in AllocatorOptions. */
  readonly enough?: number
  readonly relaxed?: boolean
  readonly seed: number
}

/**
 * A cell in virtual time. `step` handles one event, or one decision of a pass over the queue: at one instant ends come first,
 * then removals, then additions and changes of machines, then arrivals, then one pass in queue order.
 */
export class Simulation implements Measured {
  readonly trace: Workload
  readonly cell: Cell
  readonly allocator: Allocator
  readonly pending: PendingQueue
  readonly desk: AdmissionDesk
  readonly placeable: Placeable
  now: number
  runsAtOpening = 0
  private readonly observers: readonly Observer[]
  private readonly preemption: Preemption | KubePreemption | null
  private readonly pass: QueuePass
  private readonly ends = new EventQueue()
  private readonly source: ArrivalSource
  private readonly arrival: Arrival = { time: 0, run: NONE, class: NONE, job: NONE, runTime: 0, end: 0, followed: false, machine: NONE }
  private machineEvent = 0
  private passDue = false
  /** An admitted job has gone, so held ones may be asked again. */
  private heldDue = false
  private opened = false
  private done = false

  constructor(
    input: Trace | Stream,
    options: SimulationOptions,
    observe: (simulation: Simulation) => readonly Observer[],
    source?: ArrivalSource,
  ) {
    const { workload: trace, source: fromStart } = 'workload' in input ? input : { workload: input, source: () => new TraceSource(input) }
    this.trace = trace
    this.now = trace.start
    this.source = source ?? fromStart()
    this.cell = new Cell(trace, options.overcommit.policy, options.overcommit.parameters, options.constraint)
    this.allocator = new Allocator(this.cell, options.packing.policy, options.packing.parameters, options)
    this.preemption = makePreemption(options.preemption, this.cell, this.allocator)
    this.pending = new PendingQueue(this.cell)
    this.pass = new QueuePass(this.cell, this.pending, this.preemption)
    this.desk = new AdmissionDesk(this.cell, options.admission.policy, options.admission.parameters)
    this.placeable = new Placeable(trace, this.cell)
    this.observers = observe(this)
  }

  get waiting(): number {
    return this.pending.length
  }

  /** Handles the next event or decision; false once the window has closed. */
  step(): boolean {
    if (this.done) return false
    if (!this.opened) {
      this.open()
      return true
    }
    // A pass is finished before the next event, even where a run that it placed ends at once.
    if (this.pass.isOpen) {
      this.decide()
      return true
    }
    const time = this.nextTime()
    if (time > this.now && this.passDue) {
      this.decide()
      return true
    }
    if (time > this.trace.end) {
      this.advance(this.trace.end)
      this.done = true
      for (const observer of this.observers) observer.closed?.()
      return false
    }
    this.advance(time)
    this.handleEvent(time)
    return true
  }

  private nextTime(): number {
    const { machineEvents } = this.trace
    const machine = this.machineEvent < machineEvents.count ? machineEvents.time[this.machineEvent] : Number.POSITIVE_INFINITY
    return Math.min(this.ends.firstTime, machine, this.source.nextTime)
  }

  private handleEvent(time: number): void {
    if (this.ends.firstTime === time) this.handleEnd()
    else if (this.machineEvent < this.trace.machineEvents.count && this.trace.machineEvents.time[this.machineEvent] === time)
      this.handleMachine()
    else this.handleArrival()
  }

  private advance(time: number): void {
    if (time === this.now) return
    for (const observer of this.observers) observer.advanced?.(this.now, time)
    this.now = time
  }

  /** Puts the runs that were on a machine at the opening where they were, or in the queue where that is unknown or full. */
  private open(): void {
    this.opened = true
    const { arrival } = this
    while (this.source.takeOpening(arrival)) {
      this.runsAtOpening++
      this.desk.take(arrival.job)
      const task = this.newTask(arrival)
      const { machine } = arrival
      if (machine !== NONE && this.cell.hasRoom(arrival.class, machine)) this.placeTask(task, machine)
      else this.enter(task)
    }
    this.settled('opening', NONE)
  }

  private handleEnd(): void {
    const { tasks } = this.cell
    const task = this.ends.firstPayload % TURN
    const turn = Math.floor(this.ends.firstPayload / TURN)
    this.ends.pop()
    if (tasks.state[task] !== STATES.running || tasks.turn[task] !== turn) return
    const run = tasks.run[task]
    const job = tasks.job[task]
    const isFollowed = tasks.followed[task] === 1
    for (const observer of this.observers) observer.ended?.(task)
    this.cell.release(task)
    tasks.remove(task)
    this.passDue = true
    if (isFollowed) this.source.ended(run, this.now)
    if (this.desk.runEnded(job)) this.heldDue = true
    this.settled('end of run', run)
  }

  private handleMachine(): void {
    const { machineEvents } = this.trace
    const event = this.machineEvent++
    const machine = machineEvents.machine[event]
    const kind = MACHINE_EVENTS[machineEvents.kind[event]]
    if (kind === 'remove') {
      while (this.cell.firstTask[machine] !== NONE) this.evict(this.cell.firstTask[machine], 'machine removed')
      this.cell.remove(machine)
    } else {
      this.cell.resize(machine, event)
      if (kind === 'add') this.cell.add(machine)
      while (this.cell.firstTask[machine] !== NONE && this.overflows(machine)) this.evict(this.cell.firstTask[machine], 'machine shrunk')
    }
    this.passDue = true
    for (const observer of this.observers) observer.machineChanged?.(machine, kind)
    this.settled(`machine ${kind}`, machine)
  }

  /** Whether what its tasks need is above the machine's capacity, as the overcommit policy counts. */
  private overflows(machine: number): boolean {
    for (const column of this.cell.free[1]) if (column[machine] < 0) return true
    return false
  }

  private handleArrival(): void {
    const { arrival } = this
    this.source.take(arrival)
    const task = this.newTask(arrival)
    for (const observer of this.observers) observer.arrived?.(task)
    const { answer, isNew, reason } = this.desk.ask(arrival.job)
    if (isNew) this.announce(arrival.job, answer, reason)
    if (answer === 'admitted') this.enter(task)
    else if (answer === 'held') this.desk.hold(arrival.job, task)
    else this.turnAway(task)
    this.settled('arrival of run', arrival.run)
  }

  private announce(job: number, answer: 'admitted' | 'held' | 'rejected', reason: string): void {
    for (const observer of this.observers) {
      if (answer === 'admitted') observer.admitted?.(job)
      else if (answer === 'held') observer.held?.(job)
      else observer.rejected?.(job, reason)
    }
  }

  private reconsiderHeld(): void {
    this.desk.reconsider(
      (job, tasks) => {
        this.announce(job, 'admitted', '')
        for (const task of tasks) this.enter(task)
      },
      (job, reason, tasks) => {
        this.announce(job, 'rejected', reason)
        for (const task of tasks) this.turnAway(task)
      },
    )
  }

  private turnAway(task: number): void {
    for (const observer of this.observers) observer.turnedAway?.(task)
    this.cell.tasks.remove(task)
  }

  private newTask({ run, class: taskClass, job, runTime, end, followed }: Arrival): number {
    const { tasks } = this.cell
    const task = tasks.add(run, taskClass, job, this.now)
    tasks.state[task] = STATES.held
    tasks.runTime[task] = runTime
    tasks.end[task] = end
    tasks.followed[task] = followed ? 1 : 0
    return task
  }

  /** An admitted task joins the queue, unless no machine could ever hold it. */
  private enter(task: number): void {
    const { tasks } = this.cell
    if (!this.placeable.canBe(tasks.class[task])) {
      for (const observer of this.observers) observer.neverPlaceable?.(task)
      this.giveUp(tasks.run[task], tasks.job[task])
      tasks.remove(task)
      return
    }
    tasks.state[task] = STATES.waiting
    this.pending.add(task)
    this.passDue = true
  }

  /** A run that can never be placed will not end, and none of its task's later runs will come: its job is not to wait for them. */
  private giveUp(first: number, job: number): void {
    for (let left = this.source.forsake(first); left > 0; left--) if (this.desk.runEnded(job)) this.heldDue = true
  }

  /** One decision of the pass over the queue. */
  private decide(): void {
    const taskClass = this.pass.next(this.allocator)
    if (taskClass === NONE) {
      this.passDue = this.pass.close()
      return
    }
    const task = this.pending.head(taskClass)
    const run = this.cell.tasks.run[task]
    for (const observer of this.observers) observer.deciding?.(task)
    const machine = this.pass.choose(taskClass, this.allocator)
    if (machine !== NONE) this.start(task, machine)
    else if (!this.preempt(task)) {
      this.pass.failed(taskClass)
      for (const observer of this.observers) observer.waits?.(task)
    }
    this.settled('decision on run', run)
  }

  /** Makes room for the task by evicting, and places it there. */
  private preempt(task: number): boolean {
    if (!this.preemption) return false
    const taskClass = this.cell.tasks.class[task]
    const machine = this.preemption.choose(taskClass, this.pass.lastFailure(taskClass))
    if (machine === NONE) return false
    for (const victim of this.preemption.victims) this.evict(victim, 'preempted')
    this.start(task, machine)
    this.pass.evicted(task, this.allocator)
    return true
  }

  private start(task: number, machine: number): void {
    const taskClass = this.cell.tasks.class[task]
    this.pending.take(taskClass)
    this.placeTask(task, machine)
    this.pass.placed(taskClass)
  }

  private placeTask(task: number, machine: number): void {
    const { tasks } = this.cell
    this.cell.place(task, machine, this.allocator.devices(tasks.class[task], machine))
    tasks.state[task] = STATES.running
    tasks.placedAt[task] = this.now
    tasks.turn[task]++
    if (tasks.runTime[task] < Number.POSITIVE_INFINITY) {
      this.ends.push(this.now + tasks.runTime[task], KINDS.end, tasks.run[task], tasks.turn[task] * TURN + task)
    }
    for (const observer of this.observers) observer.placed?.(task, machine)
    tasks.placedBefore[task] = 1
  }

  /** Back to its former place in the queue; it owes its full run time again. */
  private evict(task: number, cause: EvictionCause): void {
    const { tasks } = this.cell
    for (const observer of this.observers) observer.evicted?.(task, cause)
    this.cell.release(task)
    tasks.turn[task]++
    tasks.state[task] = STATES.waiting
    tasks.waitingSince[task] = this.now
    this.pending.add(task)
    this.passDue = true
  }

  private settled(what: string, row: number): void {
    // Not at once, because those that enter may give up in their turn.
    while (this.heldDue) {
      this.heldDue = false
      this.reconsiderHeld()
    }
    for (const observer of this.observers) observer.settled?.(what, row)
  }
}

function makePreemption(rule: PreemptionRule, cell: Cell, allocator: Allocator): Preemption | KubePreemption | null {
  if (rule === 'none') return null
  return rule === 'borg' ? new Preemption(cell, allocator) : new KubePreemption(cell, allocator)
}

/** An end event's payload is turn × TURN + task row, exact up to 2^26 rows and 2^27 turns. */
const TURN = 2 ** 26
