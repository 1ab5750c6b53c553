import { BY_NEED, BY_REQUEST, type Cell, CHANGES_KEPT } from './cell.ts'
import { heapRoot } from './heap-root.ts'
import type { Packing, PackingPolicy, ParameterValues } from './policy.ts'
import { type RandomStream, randomStream } from './random-stream.ts'
import { NO_ROOM, ScoreCache } from './score-cache.ts'
import { shuffledRows } from './shuffled-rows.ts'
import { NONE } from './trace.ts'
import { truncate } from './truncate.ts'
import { addTerm, type Scorer } from './weighted-sum.ts'

/** How one of several equally good machines is chosen: the first row, the first in an order shuffled once by seed, by a draw at every decision, or as kube-scheduler 1.35 and later does. */
export const TIES = ['lowest-id', 'seeded-order', 'random', 'heap'] as const
export type Tie = (typeof TIES)[number]

export interface AllocatorOptions {
  readonly tie: Tie
  readonly seed: number
  /** Scores are truncated (toward zero) to multiples of this before they are compared; 0 compares them as they are. */
  readonly scoreStep: number
}

/** Where a class has room, and how good each machine is. Scores are in the order of the machines. */
export interface Ranking {
  readonly machines: Int32Array
  readonly scores: Float64Array
  /** By the name of the term; what adds nothing to any machine at this decision is not there. */
  readonly terms: ReadonlyMap<string, Float64Array>
}

/**
 * Finds the machine for a task: those with room, then the highest score, then the tie-break. Every machine's score counts at
 * every decision, but only what has changed since the class last asked is worked out again. Two policies' closures exist, one for each price of room, so that a policy reads one `free`.
 */
export class Allocator {
  private readonly packings: readonly Packing[]
  /** One, or those of a weighted sum: each with its closures by price of room and the scores that are kept for it. */
  private readonly terms: readonly Scorer[]
  /** Whether scores are compared only after they were normalised over the machines with room, or summed. */
  private readonly isRelative: boolean
  /** Whether all machines with room are looked at anew at every decision: their order counts, or their scores depend on each other. */
  private readonly isOrdered: boolean
  private readonly totals: Float64Array
  private readonly scores: Float64Array
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
    const packings = prices.map((price) => policy.create(cell.view(price, random, options.scoreStep), parameters))
    this.packings = cell.overcommit ? packings : [packings[0], packings[0]]
    const [{ terms, normalise }] = packings
    this.terms = (terms ?? [{ weight: 1, name: undefined }]).map(({ weight, name }, term) => ({
      name,
      weight,
      packings: this.packings.map((packing) => packing.terms?.[term].packing ?? packing),
      cache: new ScoreCache(cell.machines),
    }))
    this.isRelative = terms !== undefined || normalise !== undefined
    this.totals = new Float64Array(this.isRelative ? cell.machines : 0)
    // One more, because the scan writes a machine before it knows whether it counts.
    this.candidates = new Int32Array(cell.machines + 1)
    this.best = new Int32Array(cell.machines)
    this.scores = new Float64Array(cell.machines)
    this.tie = policy.ties ?? options.tie
    this.isOrdered = this.tie === 'heap' || packings[0].sample !== undefined || this.terms.some((term) => term.packings[0].begin)
    this.order = this.tie === 'seeded-order' ? shuffledOrder(cell.machines, options.seed) : null
    this.draw = randomStream(options.seed, 'ties')
  }

  /** The machine for a task of this class, or NONE where none has room. */
  choose(taskClass: number): number {
    const { best } = this
    if (this.isOrdered) return this.bestInOrder(taskClass, this.feasible(taskClass))
    const scores = this.isRelative ? this.relativeScores(taskClass) : this.scoresOf(this.terms[0], taskClass)
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

  /** The same, where only machines with `allowed[machine]` may be taken: the scores that are kept serve here too. */
  chooseAmong(taskClass: number, allowed: Uint8Array): number {
    const { best, candidates } = this
    if (this.isOrdered || this.isRelative) {
      const room = this.feasible(taskClass)
      let count = 0
      for (let i = 0; i < room; i++) if (allowed[candidates[i]]) candidates[count++] = candidates[i]
      return this.isOrdered ? this.bestInOrder(taskClass, count) : this.bestOf(taskClass, count)
    }
    const scores = this.scoresOf(this.terms[0], taskClass)
    let bestScore = NO_ROOM
    let ties = 0
    for (let m = 0; m < scores.length; m++) {
      const score = scores[m]
      if (score < bestScore || score === NO_ROOM || !allowed[m]) continue
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
    if (this.isOrdered || cell.isWide(taskClass) || this.manyGained(since)) return this.choose(taskClass)
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
    if (cell.isWide(taskClass) || this.manyGained(since)) return true
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

  /** The score as it is compared, or, of a policy that normalises, as it is before. */
  score(taskClass: number, machine: number): number {
    return this.scoreBy(this.packings[this.cell.price[taskClass]], taskClass, machine)
  }

  private scoreBy(packing: Packing, taskClass: number, machine: number): number {
    const score = packing.score(taskClass, machine)
    if (!Number.isFinite(score) && !(packing.normalise && Number.isNaN(score)))
      throw new Error(`a score must be a finite number: ${score} for class ${taskClass} on machine ${machine}`)
    return truncate(score, this.scoreStep)
  }

  /** The machines with room in row order, or those given, with their scores as they are compared, and what each term of a sum adds. */
  rank(taskClass: number, given?: Int32Array): Ranking {
    if (given) this.candidates.set(given)
    const count = given?.length ?? this.feasible(taskClass)
    const terms = new Map<string, Float64Array>()
    const scores = this.scoresOfCandidates(taskClass, count, terms).slice(0, count)
    return { machines: this.candidates.slice(0, count), scores, terms }
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
    if (cell.constraint === null && needed.length > 0 && needed.length <= 2 && devices[taskClass] === 0 && spread[taskClass] === NONE)
      return count
    let kept = 0
    for (let i = 0; i < count; i++) if (cell.fits(taskClass, candidates[i])) candidates[kept++] = candidates[i]
    return kept
  }

  /** The weighted sum of normalised scores of every machine with room; NO_ROOM for the others. */
  private relativeScores(taskClass: number): Float64Array {
    const { totals } = this
    const price = this.cell.price[taskClass]
    totals.fill(0)
    for (const term of this.terms) addTerm(totals, this.scoresOf(term, taskClass), term.packings[price], term.weight)
    return totals
  }

  /** A term's scores for the class, right as of now: looked at again where machines have changed, or all of them where many have. */
  private scoresOf({ packings, cache }: Scorer, taskClass: number): Float64Array {
    const { cell } = this
    const packing = packings[cell.price[taskClass]]
    const entry = cache.get(taskClass)
    const { asOf, scores } = entry
    entry.asOf = cell.changes
    if (asOf < 0 || (cell.changes > asOf && cell.isWide(taskClass)) || cell.changes - asOf > Math.min(CHANGES_KEPT, cell.machines >> 1)) {
      scores.fill(NO_ROOM)
      const count = this.feasible(taskClass)
      for (let i = 0; i < count; i++) scores[this.candidates[i]] = this.scoreBy(packing, taskClass, this.candidates[i])
      return scores
    }
    this.examined += cell.changes - asOf
    for (let change = asOf; change < cell.changes; change++) {
      const machine = cell.changed[change % CHANGES_KEPT]
      scores[machine] = cell.fits(taskClass, machine) ? this.scoreBy(packing, taskClass, machine) : NO_ROOM
    }
    return scores
  }

  /** The best of the first `room` candidates, in the order in which the policy compares them. */
  private bestInOrder(taskClass: number, room: number): number {
    const { candidates } = this
    const count = this.packings[this.cell.price[taskClass]].sample?.(taskClass, candidates, room) ?? room
    if (this.tie !== 'heap' || count === 0) return this.bestOf(taskClass, count)
    this.decisions++
    return heapRoot(candidates, this.scoresOfCandidates(taskClass, count), count)
  }

  /** The best of the first `count` candidates. */
  private bestOf(taskClass: number, count: number): number {
    if (count === 0) return NONE
    this.decisions++
    const { candidates, best } = this
    const scores = this.scoresOfCandidates(taskClass, count)
    let bestScore = NO_ROOM
    let ties = 0
    for (let i = 0; i < count; i++) {
      const score = scores[i]
      if (score < bestScore) continue
      if (score > bestScore) ties = 0
      bestScore = score
      best[ties++] = candidates[i]
    }
    return this.breakTie(best, ties)
  }

  /** The scores of the first `count` candidates, as they are compared; no other machine counts. Tells what each named term adds. */
  private scoresOfCandidates(taskClass: number, count: number, tell?: Map<string, Float64Array>): Float64Array {
    const { candidates } = this
    const price = this.cell.price[taskClass]
    const scores = this.scores.subarray(0, count)
    if (!this.isRelative) {
      for (let i = 0; i < count; i++) scores[i] = this.score(taskClass, candidates[i])
      return scores
    }
    const totals = this.totals.subarray(0, count).fill(0)
    for (const { name, packings, weight } of this.terms) {
      const packing = packings[price]
      if (packing.begin && !packing.begin(taskClass, candidates, count)) continue
      for (let i = 0; i < count; i++) scores[i] = this.scoreBy(packing, taskClass, candidates[i])
      addTerm(totals, scores, packing, weight)
      if (!tell || name === undefined) continue
      const added = new Float64Array(count)
      addTerm(added, scores, packing, weight)
      tell.set(name, added)
    }
    return totals
  }
}

/** The place of each machine in a random order. */
function shuffledOrder(count: number, seed: number): Int32Array {
  const order = new Int32Array(count)
  for (const [place, machine] of shuffledRows(count, randomStream(seed, 'order')).entries()) order[machine] = place
  return order
}
