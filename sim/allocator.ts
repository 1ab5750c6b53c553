import { BY_NEED, BY_REQUEST, type Cell, CHANGES_KEPT } from './cell.ts'
import type { Packing, PackingPolicy, ParameterValues } from './policy.ts'
import { type RandomStream, randomStream } from './random-stream.ts'
import { NO_ROOM, ScoreCache } from './score-cache.ts'
import { shuffledRows } from './shuffled-rows.ts'
import { NONE } from './trace.ts'

/** How one of several equally good machines is chosen: the first row, the first in an order shuffled once by seed, or by a draw at every decision. */
export const TIES = ['lowest-id', 'seeded-order', 'random'] as const
export type Tie = (typeof TIES)[number]

export interface AllocatorOptions {
  readonly tie: Tie
  readonly seed: number
  /** Scores are truncated (toward zero) to multiples of this before they are compared; 0 compares them as they are. */
  readonly scoreStep: number
}

/**
 * Finds the machine for a task: those with room, then the highest score, then the tie-break. Every machine's score counts at
 * every decision, but only what has changed since the class last asked is worked out again. Two policies' closures exist, one for each price of room, so that a policy reads one `free`.
 */
export class Allocator {
  private readonly packings: readonly Packing[]
  private readonly cache: ScoreCache
  private readonly candidates: Int32Array
  private readonly best: Int32Array
  private readonly tie: Tie
  private readonly order: Int32Array | null
  private readonly draw: RandomStream
  /** Machines looked at and decisions taken so far. */
  examined = 0
  decisions = 0
  private readonly cell: Cell
  private readonly scoreStep: number

  constructor(cell: Cell, policy: PackingPolicy, parameters: ParameterValues, options: AllocatorOptions) {
    this.cell = cell
    this.scoreStep = options.scoreStep
    const random = randomStream(options.seed, 'policy')
    const prices = cell.overcommit ? [BY_REQUEST, BY_NEED] : [BY_REQUEST]
    const packings = prices.map((price) => policy.create(cell.view(price, random), parameters))
    this.packings = cell.overcommit ? packings : [packings[0], packings[0]]
    this.cache = new ScoreCache(cell.machines)
    // One more, because the scan writes a machine before it knows whether it counts.
    this.candidates = new Int32Array(cell.machines + 1)
    this.best = new Int32Array(cell.machines)
    this.tie = policy.ties ?? options.tie
    this.order = this.tie === 'seeded-order' ? shuffledOrder(cell.machines, options.seed) : null
    this.draw = randomStream(options.seed, 'ties')
  }

  /** The machine for a task of this class, or NONE where none has room. */
  choose(taskClass: number): number {
    const { best } = this
    const scores = this.scoresOf(taskClass)
    let bestScore = NO_ROOM
    let ties = 0
    for (let m = 0; m < scores.length; m++) {
      const score = scores[m]
      if (score < bestScore || score === NO_ROOM) continue
      if (score > bestScore) ties = 0
      bestScore = score
      best[ties++] = m
    }
    if (ties === 0) return NONE
    this.decisions++
    return this.breakTie(best, ties)
  }

  /** The same, where it is known that only machines that gained room since may have any. */
  chooseGained(taskClass: number, since: number): number {
    const { cell, candidates } = this
    if (this.manyGained(since)) return this.choose(taskClass)
    let count = 0
    for (let m = cell.latestGain; m !== NONE && cell.gainedAt[m] > since; m = cell.earlierGain[m]) {
      this.examined++
      if (cell.fits(taskClass, m)) candidates[count++] = m
    }
    // Ties are broken by row, so candidates come in the order of rows.
    candidates.subarray(0, count).sort()
    return this.bestOf(taskClass, count)
  }

  /** Whether any machine that gained room since has enough for this class; also true where that is dearer to find out than to choose. */
  mayHaveGained(taskClass: number, since: number): boolean {
    const { cell } = this
    if (this.manyGained(since)) return true
    for (let m = cell.latestGain; m !== NONE && cell.gainedAt[m] > since; m = cell.earlierGain[m]) {
      this.examined++
      if (cell.fits(taskClass, m)) return true
    }
    return false
  }

  /** Whether so many machines may have gained room that kept scores answer sooner than a walk over them. */
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

  /** The score as it is compared. */
  score(taskClass: number, machine: number): number {
    const score = this.packings[this.cell.price[taskClass]].score(taskClass, machine)
    if (!Number.isFinite(score)) throw new Error(`a score must be a finite number: ${score} for class ${taskClass} on machine ${machine}`)
    return this.scoreStep === 0 ? score : Math.trunc(score / this.scoreStep) * this.scoreStep
  }

  /** Of machines that are equally good, in row order, the one that the tie-break takes. */
  breakTie(machines: Int32Array, count: number): number {
    if (this.tie === 'random') return machines[Math.floor(this.draw() * count)]
    if (this.order === null) return machines[0]
    let first = machines[0]
    for (let i = 1; i < count; i++) if (this.order[machines[i]] < this.order[first]) first = machines[i]
    return first
  }

  /**
   * Fills `candidates` with the machines that have room, in row order: those for which `cell.fits`. The first two resources
   * are compared without a branch, which is twice as fast where about half of the machines have room (bench/hot.ts).
   */
  private feasible(taskClass: number): number {
    const { cell, candidates } = this
    const { machines, present } = cell
    const free = cell.free[cell.price[taskClass]]
    const needed: number[] = []
    for (let r = 0; r < free.length; r++) if (cell.request[r][taskClass] > 0) needed.push(r)
    this.examined += machines
    // For each machine: if (present[m] && first[m] >= firstRequest && second[m] >= secondRequest) candidates[count++] = m
    let count = 0
    if (needed.length === 0) for (let m = 0; m < machines; m++) candidates[count++] = m
    else {
      const [one, other = one] = needed
      const first = free[one]
      const second = free[other]
      const firstRequest = cell.request[one][taskClass]
      const secondRequest = cell.request[other][taskClass]
      for (let m = 0; m < machines; m++) {
        candidates[count] = m
        count += Number(first[m] >= firstRequest) & Number(second[m] >= secondRequest) & present[m]
      }
    }
    const { devices, spread } = cell.trace.classes
    if (needed.length > 0 && needed.length <= 2 && devices[taskClass] === 0 && spread[taskClass] === NONE) return count
    let kept = 0
    for (let i = 0; i < count; i++) if (cell.fits(taskClass, candidates[i])) candidates[kept++] = candidates[i]
    return kept
  }

  /** The class's scores, right as of now: looked at again where machines have changed, or all of them where many have. */
  private scoresOf(taskClass: number): Float64Array {
    const { cell, cache } = this
    const entry = cache.get(taskClass)
    const { asOf, scores } = entry
    entry.asOf = cell.changes
    if (asOf < 0 || cell.changes - asOf > Math.min(CHANGES_KEPT, cell.machines >> 1)) {
      scores.fill(NO_ROOM)
      const count = this.feasible(taskClass)
      for (let i = 0; i < count; i++) scores[this.candidates[i]] = this.score(taskClass, this.candidates[i])
      return scores
    }
    this.examined += cell.changes - asOf
    for (let change = asOf; change < cell.changes; change++) {
      const machine = cell.changed[change % CHANGES_KEPT]
      scores[machine] = cell.fits(taskClass, machine) ? this.score(taskClass, machine) : NO_ROOM
    }
    return scores
  }

  /** The best of the first `count` candidates. */
  private bestOf(taskClass: number, count: number): number {
    if (count === 0) return NONE
    this.decisions++
    const { candidates, best } = this
    let bestScore = NO_ROOM
    let ties = 0
    for (let i = 0; i < count; i++) {
      const score = this.score(taskClass, candidates[i])
      if (score < bestScore) continue
      if (score > bestScore) ties = 0
      bestScore = score
      best[ties++] = candidates[i]
    }
    return this.breakTie(best, ties)
  }
}

/** The place of each machine in a random order. */
function shuffledOrder(count: number, seed: number): Int32Array {
  const order = new Int32Array(count)
  for (const [place, machine] of shuffledRows(count, randomStream(seed, 'order')).entries()) order[machine] = place
  return order
}
