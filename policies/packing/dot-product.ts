import type { PackingPolicy } from '../../sim/index.ts'
import { columns } from '../columns.ts'

/**
 * The largest dot product of what the task asks for and what is free, both as shares of the machine:
 * Σ_r (d_r / capacity_r) · (free_r / capacity_r). Grandl et al., "Multi-resource packing for cluster schedulers" (Tetris,
 * SIGCOMM 2014), section 3.2. A resource that the machine has none of counts nothing.
 */
export const dotProduct: PackingPolicy = {
  sentence: 'Takes the machine whose free resources are most like what the task asks for and plentiful: the largest dot product (Tetris).',
  source: 'Grandl et al., Tetris (SIGCOMM 2014), section 3.2',
  create: (cell) => {
    const { free, capacity, request } = columns(cell)
    return {
      score: (taskClass, machine) => {
        let sum = 0
        for (let r = 0; r < free.length; r++) {
          const whole = capacity[r][machine]
          if (whole > 0) sum += (request[r][taskClass] / whole) * (free[r][machine] / whole)
        }
        return sum
      },
    }
  },
}
