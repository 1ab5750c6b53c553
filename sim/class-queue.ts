import FastPriorityQueue from 'fastpriorityqueue'

/** Tasks in order. Most come in it and are only lined up; those that come back to a place further ahead are kept in a heap beside. */
export class ClassQueue {
  private line: number[] = []
  /** Those before this one have been taken from the line. */
  private from = 0
  private readonly back: FastPriorityQueue<number>
  private readonly before: (a: number, b: number) => boolean

  constructor(before: (a: number, b: number) => boolean) {
    this.before = before
    this.back = new FastPriorityQueue<number>(before)
  }

  get length(): number {
    return this.line.length - this.from + this.back.size
  }

  add(task: number): void {
    const { line } = this
    if (line.length === this.from || this.before(line[line.length - 1], task)) line.push(task)
    else this.back.add(task)
  }

  /** The first; undefined where there is none. */
  head(): number | undefined {
    const inLine = this.line[this.from]
    const inBack = this.back.peek()
    if (inLine === undefined || inBack === undefined) return inLine ?? inBack
    return this.before(inBack, inLine) ? inBack : inLine
  }

  /** Takes the first away. */
  take(): void {
    if (this.head() !== this.line[this.from]) {
      this.back.poll()
      return
    }
    this.from++
    if (2 * this.from < this.line.length) return
    this.line = this.line.slice(this.from)
    this.from = 0
  }

  forEach(visit: (task: number) => void): void {
    for (let i = this.from; i < this.line.length; i++) visit(this.line[i])
    this.back.forEach(visit)
  }
}
