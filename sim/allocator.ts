import { BY_NEED, BY_REQUEST, type Cell } from './cell.ts'
import type { Finder } from './finder.ts'
import { FirstRoom } from './first-room.ts'
import { heapRoot } from './heap-root.ts'
import { MachineShapes } from './machine-shapes.ts'
import { machinesWithRoom } from './machines-with-room.ts'
import type { Packing, PackingPolicy, ParameterValues } from './policy.ts'
import { randomStream } from './random-stream.ts'
import type { Ranking } from './ranking.ts'
import { RelativeScores } from './relative-scores.ts'
import { ScoreCache } from './score-cache.ts'
import { NO_ROOM } from './score-tree.ts'
import { SharedOrder } from './shared-order.ts'
import { SomeMachines } from './some-machines.ts'
import { type Tie, TieOrder } from './tie-order.ts'
import { NONE } from './trace.ts'
import { truncate } from './truncate.ts'
import { addTerm, isRelative, termsOf } from './weighted-sum.ts'

/** With more shapes of machines than this, a ladder for each costs more than it saves. */
const MOST_SHAPES = 32

export interface AllocatorOptions {
  readonly tie: Tie
  readonly seed: number
  /** Scores are truncated (toward zero) to multiples of this before they are compared; 0 compares them as they are. */
  readonly scoreStep: number
  /** Only the first so many machines with room are scored; 0 or absent: all. */
  readonly enough?: number
  /** Those first are counted from a random place in a random order. */
  readonly relaxed?: boolean
  /** For measuring what they give: how many changed machines are looked at one by one before they are sorted in, and how many of the best are listed for a class. */
  readonly unsettled?: number
  readonly listed?: number
}

/**
 * Finds the machine for a task: those with room, then the highest score, then the tie-break. The answer is always that of a scan
 * over all machines (`PlainAllocator`); which way leads there soonest follows from what the policy says of its order. Two policies' closures
 * exist, one for each price of room, so that a policy reads one `free`.
 */
export class Allocator {
  private readonly packings: readonly Packing[]
  private readonly finders: readonly Finder[]
  private readonly candidates: Int32Array
  private readonly best: Int32Array
  private readonly scores: Float64Array
  private readonly totals: Float64Array
  private readonly ties: TieOrder
  private readonly some: SomeMachines | null
  /** Whether all machines with room are looked at anew at every decision: their order counts, or their scores depend on each other. */
  private readonly isHeap: boolean
  private readonly isSeeded: boolean
  private readonly isOrdered: boolean
  /** Whether the best machine is the best of any set that it is in: no draw, and no score that depends on other machines. */
  private readonly isIndexed: boolean
  /** Decisions taken so far. */
  decisions = 0
  /** Machines looked at so far by others than the finders. */
  private looks = 0
  private readonly cell: Cell
  private readonly scoreStep: number

  constructor(cell: Cell, policy: PackingPolicy, parameters: ParameterValues, options: AllocatorOptions) {
    this.cell = cell
    this.scoreStep = options.scoreStep
    this.ties = new TieOrder(cell.machines, policy.ties ?? options.tie, options.seed)
    this.some = options.enough ? new SomeMachines(cell, options.enough, options.relaxed === true, options.seed) : null
    // One more, because the scan writes a machine before it knows whether it counts.
    this.candidates = new Int32Array(cell.machines + 1)
    this.best = new Int32Array(cell.machines)
    this.scores = new Float64Array(cell.machines)
    this.totals = new Float64Array(cell.machines)
    const random = randomStream(options.seed, 'policy')
    const prices = cell.overcommit ? [BY_REQUEST, BY_NEED] : [BY_REQUEST]
    const packings = prices.map((price) => policy.create(cell.view(price, random, options.scoreStep), parameters))
    const [first] = packings
    this.isSeeded = (policy.ties ?? options.tie) === 'seeded-order'
    this.isHeap = (policy.ties ?? options.tie) === 'heap'
    this.isOrdered = this.isHeap || first.sample !== undefined || termsOf(first).some(({ packing }) => packing.begin)
    this.isIndexed = !this.isOrdered && !this.ties.isRandom && this.some === null && !isRelative(first)
    const finders = prices.map((price) => this.finder(policy, packings[price], price, options))
    this.packings = cell.overcommit ? packings : [packings[0], packings[0]]
    this.finders = cell.overcommit ? finders : [finders[0], finders[0]]
  }

  /** Machines looked at so far. */
  get examined(): number {
    return this.looks + (this.some?.examined ?? 0) + [...new Set(this.finders)].reduce((sum, finder) => sum + finder.examined, 0)
  }

  /** How often an index that remembers answers had to be searched. */
  get searches(): number {
    return [...new Set(this.finders)].reduce((sum, finder) => sum + (finder.searches ?? 0), 0)
  }

  /** The machine for a task of this class, or NONE where none has room. */
  choose(taskClass: number): number {
    if (this.some) return this.bestOf(taskClass, this.some.fill(taskClass, this.candidates))
    if (this.isOrdered) {
      this.looks += this.cell.machines
      return this.bestInOrder(taskClass, machinesWithRoom(this.cell, taskClass, this.candidates))
    }
    const machine = this.finders[this.cell.price[taskClass]].find(taskClass)
    if (machine !== NONE) this.decisions++
    return machine
  }

  /** Uses idle time: see `Finder`. */
  readonly freshen = (lag: number): boolean => this.finders.some((finder) => finder.freshen?.(lag) ?? false)

  /** The same, where only machines with `allowed[machine]` may be taken. */
  chooseAmong(taskClass: number, allowed: Uint8Array): number {
    const { candidates, cell } = this
    if (this.isIndexed) {
      const among = this.finders[cell.price[taskClass]].findAmong?.(taskClass, allowed)
      if (among !== undefined) {
        if (among !== NONE) this.decisions++
        return among
      }
      // The best of all is the best of those allowed, if it is one of them.
      const machine = this.choose(taskClass)
      if (machine === NONE || allowed[machine]) return machine
    }
    const room = machinesWithRoom(cell, taskClass, candidates)
    this.looks += cell.machines
    let count = 0
    for (let i = 0; i < room; i++) if (allowed[candidates[i]]) candidates[count++] = candidates[i]
    return this.isOrdered ? this.bestInOrder(taskClass, count) : this.bestOf(taskClass, count)
  }

  /** The same, where it is known that only machines that gained room since may have any. */
  chooseGained(taskClass: number, since: number): number {
    const { cell, candidates } = this
    if (this.isOrdered || cell.isWide(taskClass) || this.manyGained(since)) return this.choose(taskClass)
    let count = 0
    for (let m = cell.latestGain; m !== NONE && cell.gainedAt[m] > since; m = cell.earlierGain[m]) {
      this.looks++
      if (cell.fits(taskClass, m)) candidates[count++] = m
    }
    return this.bestOf(taskClass, count)
  }

  /** Whether any machine that gained room since has enough for this class; also true where that is dearer to find out than to choose. */
  mayHaveGained(taskClass: number, since: number): boolean {
    const { cell } = this
    if (cell.isWide(taskClass) || this.manyGained(since)) return true
    for (let m = cell.latestGain; m !== NONE && cell.gainedAt[m] > since; m = cell.earlierGain[m]) {
      this.looks++
      if (cell.fits(taskClass, m)) return true
    }
    return false
  }

  /** Whether so many machines may have gained room that an index answers sooner than a walk over them. */
  private manyGained(since: number): boolean {
    return this.cell.gains - since > Math.max(8, this.cell.machines >> 3)
  }

  /** The devices, as bits, that a task of this class gets on its machine. */
  devices(taskClass: number, machine: number): number {
    const { classes } = this.cell.trace
    if (classes.devices[taskClass] === 0) return 0
    const packing = this.packings[this.cell.price[taskClass]]
    if (packing.device && classes.devices[taskClass] === 1) return (1 << packing.device(taskClass, machine)) >>> 0
    return this.cell.pickDevices(taskClass, machine)
  }

  /** The score as it is compared, or, of a policy that normalises, as it is before. */
  score(taskClass: number, machine: number): number {
    return this.scoreBy(this.packings[this.cell.price[taskClass]], taskClass, machine)
  }

  /** The machines with room in row order, or those given, with their scores as they are compared, and what each term of a sum adds. */
  rank(taskClass: number, given?: Int32Array): Ranking {
    if (given) this.candidates.set(given)
    const count = given?.length ?? machinesWithRoom(this.cell, taskClass, this.candidates)
    const terms = new Map<string, Float64Array>()
    const scores = this.scoresOfCandidates(taskClass, count, terms).slice(0, count)
    return { machines: this.candidates.slice(0, count), scores, terms }
  }

  /** Counts machines that somebody else looks at on the allocator's behalf. */
  look(machines: number): void {
    this.looks += machines
  }

  /** Of machines that are equally good, in any order, the one that the tie-break takes. */
  breakTie(machines: Int32Array, count: number): number {
    const { machineAt, place } = this.ties
    const places = machines.subarray(0, count)
    for (let i = 0; i < count; i++) places[i] = place[places[i]]
    return machineAt[places.sort()[this.ties.pick(count)]]
  }

  private scoreBy(packing: Packing, taskClass: number, machine: number): number {
    const score = packing.score(taskClass, machine)
    if (!Number.isFinite(score) && !(packing.normalise && Number.isNaN(score)))
      throw new Error(`a score must be a finite number: ${score} for class ${taskClass} on machine ${machine}`)
    return truncate(score, this.scoreStep)
  }

  /** The quickest way to the best machine that this policy allows. */
  private finder({ order }: PackingPolicy, packing: Packing, price: number, options: AllocatorOptions): Finder {
    const { cell, ties } = this
    if (isRelative(packing))
      return new RelativeScores(cell, ties, packing, (term, taskClass, machine) => this.scoreBy(term, taskClass, machine))
    const score = (taskClass: number, machine: number) => this.scoreBy(packing, taskClass, machine)
    // A draw among the best needs to know how many there are, which only the trees of scores count.
    if (!ties.isRandom && cell.constraint === null && order === 'none') return new FirstRoom(cell, ties, price)
    if (!ties.isRandom && cell.constraint === null && order === 'shared' && this.scoreStep === 0) {
      const shapes = MachineShapes.of(cell, MOST_SHAPES)
      if (shapes !== null) return new SharedOrder(cell, ties, price, shapes, score, options)
    }
    return new ScoreCache(cell, ties, score)
  }

  /** The best of the first `room` candidates, in the order in which the policy compares them. */
  private bestInOrder(taskClass: number, room: number): number {
    const { candidates } = this
    const count = this.packings[this.cell.price[taskClass]].sample?.(taskClass, candidates, room) ?? room
    if (!this.isHeap || count === 0) return this.bestOf(taskClass, count)
    this.decisions++
    return heapRoot(candidates, this.scoresOfCandidates(taskClass, count), count)
  }

  /** The best of the first `count` candidates; no other machine counts. */
  private bestOf(taskClass: number, count: number): number {
    if (count === 0) return NONE
    this.decisions++
    const { best, candidates } = this
    const scores = this.scoresOfCandidates(taskClass, count)
    let bestScore = NO_ROOM
    let ties = 0
    for (let i = 0; i < count; i++) {
      if (scores[i] < bestScore) continue
      if (scores[i] > bestScore) ties = 0
      bestScore = scores[i]
      best[ties++] = candidates[i]
    }
    return this.isOrdered && !this.isSeeded ? best[this.ties.pick(ties)] : this.breakTie(best, ties)
  }

  /** The scores of the first `count` candidates, as they are compared. Tells what each named term adds. */
  private scoresOfCandidates(taskClass: number, count: number, tell?: Map<string, Float64Array>): Float64Array {
    const { candidates } = this
    const packing = this.packings[this.cell.price[taskClass]]
    const scores = this.scores.subarray(0, count)
    const totals = this.totals.subarray(0, count).fill(0)
    for (const { name, packing: term, weight } of termsOf(packing)) {
      if (term.begin && !term.begin(taskClass, candidates, count)) continue
      for (let i = 0; i < count; i++) scores[i] = this.scoreBy(term, taskClass, candidates[i])
      addTerm(totals, scores, term, weight)
      if (!tell || name === undefined) continue
      const added = new Float64Array(count)
      addTerm(added, scores, term, weight)
      tell.set(name, added)
    }
    return totals
  }
}
