import type { PackingPolicy } from '../../sim/index.ts'
import { columns } from '../columns.ts'

/**
 * The smallest angle between what the task asks for and what is free, both as shares of the machine:
 * d·f / (|d| |f|). Cosine similarity as in DSLab's IaaS placement algorithms and Panigrahy et al., "Heuristics for vector
 * bin packing" (2011), section 3. A task that asks for nothing scores 0 everywhere.
 */
export const cosine: PackingPolicy = {
  sentence: 'Takes the machine whose free resources have the proportions of the task: the smallest angle between the two.',
  source: 'Panigrahy et al., "Heuristics for vector bin packing" (2011), section 3',
  create: (cell) => {
    const { free, capacity, request } = columns(cell)
    return {
      score: (taskClass, machine) => {
        let product = 0
        let demandSquared = 0
        let freeSquared = 0
        for (let r = 0; r < free.length; r++) {
          const whole = capacity[r][machine]
          if (whole === 0) continue
          const d = request[r][taskClass] / whole
          const f = free[r][machine] / whole
          product += d * f
          demandSquared += d * d
          freeSquared += f * f
        }
        const lengths = Math.sqrt(demandSquared * freeSquared)
        return lengths > 0 ? product / lengths : 0
      },
    }
  },
}
