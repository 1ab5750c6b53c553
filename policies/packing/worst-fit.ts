import type { PackingPolicy } from '../../sim/index.ts'
import { remainder } from './remainder.ts'

/** The opposite of best-fit: maximises Σ_r (free_r − d_r) / capacity_r. The formula is ours. */
export const worstFit: PackingPolicy = {
  sentence: 'Spreads tasks: the most left over, summed over resources as shares of the machine.',
  source: 'classical; formula ours, the opposite of best-fit',
  order: 'shared',
  create: (cell) => {
    const left = remainder(cell)
    return { score: (taskClass, machine) => left(taskClass, machine) }
  },
}
