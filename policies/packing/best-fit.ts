import type { PackingPolicy } from '../../sim/index.ts'
import { remainder } from './remainder.ts'

/**
 * The machine with the least left over: minimises Σ_r (free_r − d_r) / capacity_r with equal weights. Borg names best fit
 * (EuroSys 2015, section 3.2) and gives no formula; this one is ours.
 */
export const bestFit: PackingPolicy = {
  sentence: 'Fills machines as tightly as possible: the least left over, summed over resources as shares of the machine.',
  source: 'named in Borg (EuroSys 2015, section 3.2); formula ours',
  order: 'shared',
  create: (cell) => {
    const left = remainder(cell)
    return { score: (taskClass, machine) => -left(taskClass, machine) }
  },
}
