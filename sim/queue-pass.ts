import FastPriorityQueue from 'fastpriorityqueue'
import type { Allocator } from './allocator.ts'
import type { Cell } from './cell.ts'
import type { PendingQueue } from './pending-queue.ts'
import { NONE } from './trace.ts'

/** A class that has never failed has no gain to wait for: before the first of them all. */
const NEVER = -1

/** What makes room by evicting. */
interface Evicting {
  /** Whether any machine that gained room since may have enough for this class, with others evicted or without. */
  mayHaveGained(taskClass: number, since: number): boolean
}

/**
 * One pass over the queue at one instant, in queue order, skipping what does not fit. A class that found no room is not
 * tried again until some machine has gained some, and then only there: the same decisions as trying every task anew,
 * because placing never adds room.
 */
export class QueuePass {
  isOpen = false
  private hasEvicted = false
  /** A class failed to which a placement elsewhere may open a machine, and then something was placed. */
  private hasOpened = false
  private wideFailed = false
  private readonly order: FastPriorityQueue<number>
  /** The class that had a task placed last and has more, not in `order`; or NONE. */
  private current: number = NONE
  private readonly inOrder: Uint8Array
  /** `cell.gains` when the class last found no room anywhere. */
  private readonly failedAt: Float64Array
  private readonly cell: Cell
  private readonly pending: PendingQueue
  private readonly preemption: Evicting | null

  constructor(cell: Cell, pending: PendingQueue, preemption: Evicting | null) {
    this.cell = cell
    this.preemption = preemption
    this.pending = pending
    const classes = cell.trace.classes.count
    this.inOrder = new Uint8Array(classes)
    this.failedAt = new Float64Array(classes).fill(NEVER)
    this.order = new FastPriorityQueue<number>((a, b) => pending.before(pending.head(a), pending.head(b)))
  }

  /** The class whose first task is to be decided on, or NONE at the end of the pass. */
  next(allocator: Allocator): number {
    if (!this.isOpen) this.begin(allocator)
    const { current, order, pending } = this
    this.current = NONE
    if (current !== NONE) {
      // A job's tasks come in crowds, so most often the class is still first.
      const first = order.peek()
      if (first === undefined || pending.before(pending.head(current), pending.head(first))) return current
      this.consider(current)
    }
    for (let taskClass = order.poll(); taskClass !== undefined; taskClass = order.poll()) {
      this.inOrder[taskClass] = 0
      // Whoever stood before may have taken the room that there was.
      if (this.mayFit(taskClass, allocator)) return taskClass
    }
    return NONE
  }

  choose(taskClass: number, allocator: Allocator): number {
    const since = this.failedAt[taskClass]
    return since === NEVER || this.cell.isWide(taskClass) ? allocator.choose(taskClass) : allocator.chooseGained(taskClass, since)
  }

  lastFailure(taskClass: number): number {
    return this.cell.isWide(taskClass) ? NEVER : this.failedAt[taskClass]
  }

  failed(taskClass: number): void {
    this.failedAt[taskClass] = this.cell.gains
    if (this.cell.isWide(taskClass)) this.wideFailed = true
  }

  /** The class's first task has gone to a machine. */
  placed(taskClass: number): void {
    if (this.wideFailed) this.hasOpened = true
    if (this.pending.has(taskClass)) this.current = taskClass
  }

  /** Room was made for this task: what stands behind it in the queue may profit, its victims included. */
  evicted(task: number, allocator: Allocator): void {
    this.hasEvicted = true
    this.current = NONE
    // A victim may now stand first in its class, so what was in order no longer is.
    const classes: number[] = []
    for (const taskClass of this.pending.classes) {
      const isAsked = this.pending.before(task, this.pending.head(taskClass)) && this.mayFit(taskClass, allocator)
      this.inOrder[taskClass] = isAsked ? 1 : 0
      if (isAsked) classes.push(taskClass)
    }
    this.order.heapify(classes)
  }

  /** Ends the pass; true when room that evictions left over, or a machine that a placement elsewhere opened, calls for another at the same instant. */
  close(): boolean {
    this.isOpen = false
    const again = this.hasEvicted || this.hasOpened
    this.hasEvicted = false
    this.hasOpened = false
    this.wideFailed = false
    return again
  }

  private begin(allocator: Allocator): void {
    this.isOpen = true
    for (const taskClass of this.pending.classes) if (this.mayFit(taskClass, allocator)) this.consider(taskClass)
  }

  /**
   * Whether the class need be asked at all. Room appears during a pass only by eviction, after which whoever stands behind is
   * asked: what does not fit now need not be until then.
   */
  private mayFit(taskClass: number, allocator: Allocator): boolean {
    const { cell, failedAt } = this
    const since = failedAt[taskClass]
    if (since === NEVER || cell.isWide(taskClass)) return true
    if (since < cell.gains && (this.preemption ?? allocator).mayHaveGained(taskClass, since)) return true
    failedAt[taskClass] = cell.gains
    return false
  }

  private consider(taskClass: number): void {
    if (this.inOrder[taskClass]) return
    this.inOrder[taskClass] = 1
    this.order.add(taskClass)
  }
}
