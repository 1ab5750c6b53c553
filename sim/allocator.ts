import { BY_NEED, BY_REQUEST, type Cell } from './cell.ts'
import type { Packing, PackingPolicy, ParameterValues } from './policy.ts'
import { type RandomStream, randomStream } from './random-stream.ts'
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
 * Finds the machine for a task: those with room, then the highest score, then the tie-break. This is the plain scan: every
 * machine is looked at. Two policies' closures exist, one for each price of room, so that a policy reads one `free`.
 */
export class Allocator {
  private readonly packings: readonly Packing[]
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
    this.candidates = new Int32Array(cell.machines)
    this.best = new Int32Array(cell.machines)
    this.tie = policy.ties ?? options.tie
    this.order = this.tie === 'seeded-order' ? shuffledOrder(cell.machines, options.seed) : null
    this.draw = randomStream(options.seed, 'ties')
  }

  /** The machine for a task of this class, or NONE where none has room. */
  choose(taskClass: number): number {
    return this.bestOf(taskClass, this.feasible(taskClass))
  }

  /** The same, where it is known that only machines that gained room since may have any. */
  chooseGained(taskClass: number, since: number): number {
    const { cell, candidates } = this
    let count = 0
    for (let m = cell.latestGain; m !== NONE && cell.gainedAt[m] > since; m = cell.earlierGain[m]) {
      this.examined++
      if (cell.fits(taskClass, m)) candidates[count++] = m
    }
    // Ties are broken by row, so candidates come in the order of rows.
    candidates.subarray(0, count).sort()
    return this.bestOf(taskClass, count)
  }

  /** Whether any machine that gained room since has enough for this class. */
  anyGained(taskClass: number, since: number): boolean {
    const { cell } = this
    for (let m = cell.latestGain; m !== NONE && cell.gainedAt[m] > since; m = cell.earlierGain[m]) {
      this.examined++
      if (cell.fits(taskClass, m)) return true
    }
    return false
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
    return this.scoreStep === 0 ? score : Math.trunc(score / this.scoreStep) * this.scoreStep
  }

  /** Of machines that are equally good, in row order, the one that the tie-break takes. */
  breakTie(machines: Int32Array, count: number): number {
    if (this.tie === 'random') return machines[count === 1 ? 0 : Math.floor(this.draw() * count)]
    if (this.order === null) return machines[0]
    let first = machines[0]
    for (let i = 1; i < count; i++) if (this.order[machines[i]] < this.order[first]) first = machines[i]
    return first
  }

  /**
   * Fills `candidates` with the machines that have room, in row order: those for which `cell.fits`. The first two resources
   * and the siblings are looked at in the loop itself, because most machines fall out or pass there.
   */
  private feasible(taskClass: number): number {
    const { cell, candidates } = this
    const { machines, present } = cell
    const free = cell.free[cell.price[taskClass]]
    const needed: number[] = []
    for (let r = 0; r < free.length; r++) if (cell.request[r][taskClass] > 0) needed.push(r)
    this.examined += machines
    let count = 0
    if (needed.length === 0) {
      for (let m = 0; m < machines; m++) if (cell.fits(taskClass, m)) candidates[count++] = m
      return count
    }
    const [one, other = one] = needed
    const first = free[one]
    const second = free[other]
    const firstRequest = cell.request[one][taskClass]
    const secondRequest = cell.request[other][taskClass]
    const siblings = cell.siblingsOf(taskClass)
    const needsMore = needed.length > 2 || cell.trace.classes.devices[taskClass] > 0
    for (let m = 0; m < machines; m++) {
      if (first[m] < firstRequest || second[m] < secondRequest || present[m] === 0) continue
      if (siblings !== null && siblings[m] > 0) continue
      if (needsMore && !cell.fits(taskClass, m)) continue
      candidates[count++] = m
    }
    return count
  }

  private bestOf(taskClass: number, count: number): number {
    if (count === 0) return NONE
    this.decisions++
    const { candidates, best, scoreStep } = this
    const packing = this.packings[this.cell.price[taskClass]]
    let bestScore = Number.NEGATIVE_INFINITY
    let ties = 0
    for (let i = 0; i < count; i++) {
      let score = packing.score(taskClass, candidates[i])
      if (scoreStep !== 0) score = Math.trunc(score / scoreStep) * scoreStep
      if (score < bestScore) continue
      if (score > bestScore) ties = 0
      bestScore = score
      best[ties++] = candidates[i]
    }
    if (ties === 0) throw new Error(`no score is a number: class ${taskClass}`)
    return this.breakTie(best, ties)
  }
}

/** The place of each machine in a random order. */
function shuffledOrder(count: number, seed: number): Int32Array {
  const order = new Int32Array(count)
  for (const [place, machine] of shuffledRows(count, randomStream(seed, 'order')).entries()) order[machine] = place
  return order
}
