import type { CellView } from '../../sim/index.ts'
import { columns } from '../columns.ts'

/**
 * What a machine would have left over after the task, as shares of its capacity summed over the resources it has:
 * Σ_r (free_r − d_r) / capacity_r. Read by best-fit and worst-fit.
 */
export function remainder(cell: CellView): (taskClass: number, machine: number) => number {
  const { free, capacity, request } = columns(cell)
  return (taskClass, machine) => {
    let sum = 0
    for (let r = 0; r < free.length; r++) {
      const whole = capacity[r][machine]
      if (whole > 0) sum += (free[r][machine] - request[r][taskClass]) / whole
    }
    return sum
  }
}
