import type { PackingPolicy } from '../../sim/index.ts'
import { columns } from '../columns.ts'

/**
 * The least stranded capacity: with f_r = free_r / capacity_r and u = min f_r, S = Σ_r (f_r − u) is what is free but cannot be
 * used by tasks of the machine's own proportions (rho = 1). Minimises S(with the task) − S(now). Borg aims at the same
 * (EuroSys 2015, section 3.2) without a formula; this one is ours.
 */
export const leastStranded: PackingPolicy = {
  sentence: 'Keeps what is free usable: the smallest growth of capacity that is free in one resource while another runs out.',
  source: 'aim from Borg (EuroSys 2015, section 3.2); formula ours',
  create: (cell) => {
    const { free, capacity, request } = columns(cell)
    return {
      score: (taskClass, machine) => {
        let count = 0
        let sumNow = 0
        let leastNow = 1
        let sumThen = 0
        let leastThen = 1
        for (let r = 0; r < free.length; r++) {
          const whole = capacity[r][machine]
          if (whole === 0) continue
          const now = free[r][machine] / whole
          const then = now - request[r][taskClass] / whole
          count++
          sumNow += now
          sumThen += then
          leastNow = Math.min(leastNow, now)
          leastThen = Math.min(leastThen, then)
        }
        return sumNow - count * leastNow - (sumThen - count * leastThen)
      },
    }
  },
}
