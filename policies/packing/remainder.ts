import type { CellView } from '../../sim/index.ts'

/**
 * What a machine would have left over after the task, as shares of its capacity summed over the resources it has:
 * Σ_r (free_r − d_r) / capacity_r. Read by best-fit and worst-fit.
 */
export function remainder({ resources, machines, classes }: CellView): (taskClass: number, machine: number) => number {
  const free = resources.map((name) => machines.free[name])
  const capacity = resources.map((name) => machines.capacity[name])
  const request = resources.map((name) => classes.request[name])
  return (taskClass, machine) => {
    let sum = 0
    for (let r = 0; r < free.length; r++) {
      const whole = capacity[r][machine]
      if (whole > 0) sum += (free[r][machine] - request[r][taskClass]) / whole
    }
    return sum
  }
}
