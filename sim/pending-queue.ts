import type { Cell } from './cell.ts'
import { ClassQueue } from './class-queue.ts'
import { NONE } from './trace.ts'

/**
 * The tasks that wait, in the order priority (highest first), arrival, run row. Tasks of a class are alike to every machine,
 * so they are kept in a queue of their own: one look at a class answers for all of its tasks.
 */
export class PendingQueue {
  length = 0
  /** Classes with tasks waiting, in no order. */
  readonly classes: number[] = []
  /** By class: where it is among these, or NONE. */
  private readonly place: Int32Array
  /** By class, of those that ever had a task waiting. */
  private readonly queues: (ClassQueue | undefined)[]
  private readonly cell: Cell
  private readonly isBefore = (a: number, b: number): boolean => this.before(a, b)

  constructor(cell: Cell) {
    this.cell = cell
    this.place = new Int32Array(cell.trace.classes.count).fill(NONE)
    this.queues = new Array(cell.trace.classes.count).fill(undefined)
  }

  add(task: number): void {
    const taskClass = this.cell.tasks.class[task]
    const queue = this.queues[taskClass] ?? new ClassQueue(this.isBefore)
    this.queues[taskClass] = queue
    if (this.place[taskClass] === NONE) this.place[taskClass] = this.classes.push(taskClass) - 1
    queue.add(task)
    this.length++
  }

  /** The first task of a class that has some. */
  head(taskClass: number): number {
    const head = this.queues[taskClass]?.head()
    if (head === undefined) throw new Error(`no task of class ${taskClass} is waiting`)
    return head
  }

  /** Takes the first task of a class away. */
  take(taskClass: number): void {
    const queue = this.queues[taskClass]
    queue?.take()
    this.length--
    if (queue && queue.length > 0) return
    const place = this.place[taskClass]
    const last = this.classes[this.classes.length - 1]
    this.classes[place] = last
    this.place[last] = place
    this.classes.pop()
    this.place[taskClass] = NONE
  }

  has(taskClass: number): boolean {
    return this.place[taskClass] !== NONE
  }

  /** Whether task a stands before task b. */
  before(a: number, b: number): boolean {
    const { tasks, trace } = this.cell
    const byPriority = trace.classes.priority[tasks.class[a]] - trace.classes.priority[tasks.class[b]]
    if (byPriority !== 0) return byPriority > 0
    return tasks.arrival[a] < tasks.arrival[b] || (tasks.arrival[a] === tasks.arrival[b] && tasks.run[a] < tasks.run[b])
  }

  forEach(visit: (task: number) => void): void {
    for (const taskClass of this.classes) this.queues[taskClass]?.forEach(visit)
  }
}
