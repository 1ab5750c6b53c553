import type { PackingPolicy } from '../../sim/index.ts'
import { columns } from '../columns.ts'

/**
 * The smallest rise in opportunity cost Σ_r B^(u_r), u_r = allocated / capacity. Amir et al., "An opportunity cost approach
 * for job assignment in a scalable computing cluster" (TPDS 11(7), 2000). B is the number of machines unless `base` says
 * otherwise; Borg's own variant is unpublished.
 */
export const ePvm: PackingPolicy = {
  sentence: 'Spreads load: the smallest rise in a cost that grows exponentially with how full a machine is.',
  source: "Amir et al. (TPDS 11(7), 2000); Borg's variant is unpublished",
  parameters: { base: { default: 0, least: 0, meaning: 'base of the exponential cost; 0: the number of machines' } },
  create: (cell, parameters) => {
    const { free, capacity, request } = columns(cell)
    const logBase = Math.log(Number(parameters.base) > 0 ? Number(parameters.base) : Math.max(2, cell.machines.count))
    return {
      score: (taskClass, machine) => {
        let rise = 0
        for (let r = 0; r < free.length; r++) {
          const whole = capacity[r][machine]
          if (whole === 0) continue
          const used = 1 - free[r][machine] / whole
          rise += Math.exp(logBase * used) * Math.expm1((logBase * request[r][taskClass]) / whole)
        }
        return -rise
      },
    }
  },
}
