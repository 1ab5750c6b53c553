import type { KubePlugin } from '../plugin.ts'
import { resourceColumns } from '../resource-columns.ts'

/** From this minor version on the score says how the task changes the balance, not what it leaves. */
const BY_CHANGE = 36

/** How alike the shares of the resources are that would be taken. */
export const nodeResourcesBalancedAllocation: KubePlugin = {
  name: 'NodeResourcesBalancedAllocation',
  weight: 1,
  scorer: (view, { balanced, minor }) => {
    const columns = resourceColumns(view, balanced.resources)
    const shares: number[] = []
    const balance = (taskClass: number, machine: number, withTask: 0 | 1) => {
      shares.length = 0
      for (const { isExtended, capacity, free, request } of columns) {
        const whole = capacity[machine]
        if (whole === 0 || (isExtended && request[taskClass] === 0)) continue
        shares.push(Math.min(1, (whole - free[machine] + withTask * request[taskClass]) / whole))
      }
      return Math.trunc((1 - deviation(shares)) * 100)
    }
    return {
      begin: (taskClass) => columns.some(({ request }) => request[taskClass] > 0),
      score: (taskClass, machine) => {
        const after = balance(taskClass, machine, 1)
        return minor < BY_CHANGE ? after : 50 + Math.trunc((50 + after - balance(taskClass, machine, 0)) / 2)
      },
    }
  },
}

/** Standard deviation of the shares; the short cut for two is kube-scheduler's, and its rounding differs. */
function deviation(shares: readonly number[]): number {
  if (shares.length < 2) return 0
  if (shares.length === 2) return Math.abs(shares[0] - shares[1]) / 2
  let sum = 0
  for (const share of shares) sum += share
  const mean = sum / shares.length
  let squares = 0
  for (const share of shares) squares += (share - mean) * (share - mean)
  return Math.sqrt(squares / shares.length)
}
