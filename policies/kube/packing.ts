import type { PackingPolicy, Term } from '../../sim/index.ts'
import { nodeSample } from './node-sample.ts'
import { kubePlugin } from './plugins.ts'
import type { KubeProfile } from './profile.ts'

/** From this minor version on, the best node is the root of a heap; before, it is drawn. */
const HEAP = 35

/** kube-scheduler under one profile: the weighted sum of its score plugins, each normalised over the machines with room. */
export function kubePacking(profile: KubeProfile): PackingPolicy {
  return {
    sentence: 'Scores as kube-scheduler does: the weighted sum of its plugins, in whole numbers, each normalised over the nodes that fit.',
    source: 'kube-scheduler 1.34 to 1.36, framework/plugins',
    ties: profile.minor >= HEAP ? 'heap' : 'random',
    create: (cell) => {
      const terms = profile.scores.flatMap(({ name, weight }): readonly Term[] => {
        const packing = kubePlugin(name).scorer?.(cell, profile)
        return packing && weight > 0 ? [{ name, weight, packing }] : []
      })
      return {
        terms,
        score: (taskClass, machine) => terms.reduce((sum, { weight, packing }) => sum + weight * packing.score(taskClass, machine), 0),
        sample: nodeSample(cell, profile.percentageOfNodesToScore),
      }
    },
  }
}
