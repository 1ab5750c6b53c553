import type { CellView, Packing, PackingPolicy } from '../../sim/index.ts'
import { nodeSample } from './node-sample.ts'
import type { KubeScorer } from './plugin.ts'
import { kubePlugin } from './plugins.ts'
import type { KubeProfile } from './profile.ts'

/** From this minor version on, the best node is the root of a heap; before, it is drawn. */
const HEAP = 35

/** A plugin's part of a score. */
interface Term {
  readonly name: string
  readonly weight: number
  readonly scorer: KubeScorer
}

/** Normalised scores of the plugins times their weights, by name; a plugin that adds nothing is not there. */
export type TermScores = ReadonlyMap<string, Float64Array>

/** kube-scheduler under one profile: the weighted sum of its score plugins, each normalised over the machines with room. */
export function kubePacking(profile: KubeProfile): PackingPolicy {
  return {
    sentence: 'Scores as kube-scheduler does: the weighted sum of its plugins, in whole numbers, each normalised over the nodes that fit.',
    source: 'kube-scheduler 1.34 to 1.36, framework/plugins',
    ties: profile.minor >= HEAP ? 'heap' : 'random',
    create: (cell) => createPacking(cell, profile),
  }
}

/** The terms of each machine's score, for those who want to know more than the sum. */
export function kubeTerms(cell: Omit<CellView, 'random'>, profile: KubeProfile) {
  const terms = termsOf(cell, profile)
  return (taskClass: number, machines: Int32Array, count: number): TermScores => {
    const scores = new Map<string, Float64Array>()
    for (const term of terms) {
      const sum = new Float64Array(count)
      if (addTerm(term, taskClass, machines, count, sum, new Float64Array(count))) scores.set(term.name, sum)
    }
    return scores
  }
}

function createPacking(cell: CellView, profile: KubeProfile): Packing {
  const terms = termsOf(cell, profile)
  const raw = new Float64Array(cell.machines.count)
  const one = new Int32Array(1)
  const its = new Float64Array(1)
  const rate = (taskClass: number, machines: Int32Array, count: number, scores: Float64Array): void => {
    scores.fill(0, 0, count)
    for (const term of terms) addTerm(term, taskClass, machines, count, scores, raw)
  }
  return {
    score: (taskClass, machine) => {
      one[0] = machine
      rate(taskClass, one, 1, its)
      return its[0]
    },
    rate,
    sample: nodeSample(cell, profile.percentageOfNodesToScore),
  }
}

function termsOf(view: Omit<CellView, 'random'>, profile: KubeProfile): readonly Term[] {
  return profile.scores.flatMap(({ name, weight }) => {
    const scorer = kubePlugin(name).scorer?.(view, profile)
    return scorer && weight > 0 ? [{ name, weight, scorer }] : []
  })
}

/** Adds one plugin's part; false where it adds nothing. */
function addTerm(
  { scorer, weight }: Term,
  taskClass: number,
  machines: Int32Array,
  count: number,
  scores: Float64Array,
  raw: Float64Array,
): boolean {
  if (scorer.begin && !scorer.begin(taskClass, machines, count)) return false
  let least = Number.POSITIVE_INFINITY
  let most = Number.NEGATIVE_INFINITY
  for (let i = 0; i < count; i++) {
    const score = scorer.score(taskClass, machines[i])
    raw[i] = score
    if (score < least) least = score
    if (score > most) most = score
  }
  for (let i = 0; i < count; i++) {
    const score = raw[i]
    if (Number.isNaN(score)) continue
    scores[i] += weight * (scorer.normalise ? scorer.normalise(score, least, most) : score)
  }
  return true
}
