import FastPriorityQueue from 'fastpriorityqueue'
import type { Cell } from './cell.ts'

/**
 * The tasks that wait, in the order priority (highest first), arrival, run row. Tasks of a class are alike to every machine,
 * so they are kept in a queue of their own: one look at a class answers for all of its tasks.
 */
export class PendingQueue {
  length = 0
  /** Classes with tasks waiting, in no order. */
  readonly classes: number[] = []
  private readonly place = new Map<number, number>()
  private readonly queues = new Map<number, FastPriorityQueue<number>>()
  private readonly cell: Cell

  constructor(cell: Cell) {
    this.cell = cell
  }

  add(task: number): void {
    const taskClass = this.cell.tasks.class[task]
    const queue = this.queue(taskClass)
    if (queue.isEmpty()) {
      this.place.set(taskClass, this.classes.length)
      this.classes.push(taskClass)
    }
    queue.add(task)
    this.length++
  }

  /** The first task of a class that has some. */
  head(taskClass: number): number {
    const head = this.queue(taskClass).peek()
    if (head === undefined) throw new Error(`no task of class ${taskClass} is waiting`)
    return head
  }

  /** Takes the first task of a class away. */
  take(taskClass: number): void {
    const queue = this.queue(taskClass)
    queue.poll()
    this.length--
    if (!queue.isEmpty()) return
    const place = this.place.get(taskClass) ?? 0
    const last = this.classes[this.classes.length - 1]
    this.classes[place] = last
    this.place.set(last, place)
    this.classes.pop()
    this.place.delete(taskClass)
  }

  has(taskClass: number): boolean {
    return this.place.has(taskClass)
  }

  /** Whether task a stands before task b. */
  before(a: number, b: number): boolean {
    const { tasks, trace } = this.cell
    const byPriority = trace.classes.priority[tasks.class[a]] - trace.classes.priority[tasks.class[b]]
    if (byPriority !== 0) return byPriority > 0
    return tasks.arrival[a] < tasks.arrival[b] || (tasks.arrival[a] === tasks.arrival[b] && tasks.run[a] < tasks.run[b])
  }

  forEach(visit: (task: number) => void): void {
    for (const taskClass of this.classes) this.queue(taskClass).forEach(visit)
  }

  private queue(taskClass: number): FastPriorityQueue<number> {
    const known = this.queues.get(taskClass)
    if (known) return known
    const fresh = new FastPriorityQueue<number>((a, b) => this.before(a, b))
    this.queues.set(taskClass, fresh)
    return fresh
  }
}
