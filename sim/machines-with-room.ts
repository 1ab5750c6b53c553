import type { Cell } from './cell.ts'
import { NONE } from './trace.ts'

/**
 * Fills `into` with the machines for which `cell.fits`, in row order, and says how many; it needs one place more than there are
 * machines. The first two resources are compared without a branch, which is twice as fast where about half of the machines have room
 * (`npm run bench`).
 */
export function machinesWithRoom(cell: Cell, taskClass: number, into: Int32Array): number {
  const { machines, present } = cell
  const free = cell.free[cell.price[taskClass]]
  const needed: number[] = []
  for (let r = 0; r < free.length; r++) if (cell.request[r][taskClass] > 0) needed.push(r)
  // For each machine: if (present[m] && first[m] >= firstRequest && second[m] >= secondRequest) into[count++] = m
  let count = 0
  if (needed.length === 0) for (let m = 0; m < machines; m++) into[count++] = m
  else {
    const [one, other = one] = needed
    const first = free[one]
    const second = free[other]
    const firstRequest = cell.request[one][taskClass]
    const secondRequest = cell.request[other][taskClass]
    for (let m = 0; m < machines; m++) {
      into[count] = m
      count += Number(first[m] >= firstRequest) & Number(second[m] >= secondRequest) & present[m]
    }
  }
  const { devices, spread } = cell.trace.classes
  if (cell.constraint === null && needed.length > 0 && needed.length <= 2 && devices[taskClass] === 0 && spread[taskClass] === NONE)
    return count
  let kept = 0
  for (let i = 0; i < count; i++) if (cell.fits(taskClass, into[i])) into[kept++] = into[i]
  return kept
}
