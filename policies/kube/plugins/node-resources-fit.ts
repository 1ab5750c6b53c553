import type { CellSight } from '../../../sim/index.ts'
import { brokenLinear } from '../broken-linear.ts'
import type { KubePlugin } from '../plugin.ts'
import type { KubeProfile } from '../profile.ts'
import { kubeName, resourceColumns } from '../resource-columns.ts'

/** A resource's score from what would be requested and what there is, 0 to 100. */
type Strategy = (requested: number, capacity: number) => number

const strategies: Readonly<Record<KubeProfile['fit']['strategy'], (fit: KubeProfile['fit']) => Strategy>> = {
  LeastAllocated: () => (requested, capacity) => (requested > capacity ? 0 : Math.trunc(((capacity - requested) * 100) / capacity)),
  MostAllocated: () => (requested, capacity) => Math.trunc((Math.min(requested, capacity) * 100) / capacity),
  RequestedToCapacityRatio: ({ shape }) => {
    const curve = brokenLinear(shape.map(({ utilization, score }) => ({ utilization, score: score * 10 })))
    return (requested, capacity) => curve(requested > capacity ? 100 : Math.trunc((requested * 100) / capacity))
  },
}

/** How much of each resource would be taken, as the scoring strategy likes it: the weighted mean over the resources. */
export const nodeResourcesFit: KubePlugin = {
  name: 'NodeResourcesFit',
  weight: 1,
  filter: (view) => ({
    refuse: (taskClass, machine) => {
      const [why] = insufficient(view, taskClass, machine)
      return why === undefined ? null : { why, mayOpen: !beyondCapacity(view, taskClass, machine) }
    },
  }),
  scorer: (view, { fit }) => {
    const columns = resourceColumns(view, fit.resources)
    const strategy = strategies[fit.strategy](fit)
    const isRatio = fit.strategy === 'RequestedToCapacityRatio'
    return {
      score: (taskClass, machine) => {
        let sum = 0
        let weights = 0
        for (const { weight, isExtended, capacity, counted, asked } of columns) {
          const whole = capacity[machine]
          if (whole === 0 || (isExtended && asked[taskClass] === 0)) continue
          const score = strategy(counted[machine] + asked[taskClass], whole)
          if (isRatio && score <= 0) continue
          sum += score * weight
          weights += weight
        }
        if (weights === 0) return 0
        return isRatio ? Math.round(sum / weights) : Math.trunc(sum / weights)
      },
    }
  },
}

/** Each resource of which the machine has not enough left, in kube-scheduler's words. */
export function insufficient({ resources, machines, classes }: CellSight, taskClass: number, machine: number): readonly string[] {
  return resources
    .filter((name) => classes.request[name][taskClass] > 0 && classes.request[name][taskClass] > machines.free[name][machine])
    .map((name) => (name === 'pods' ? 'Too many pods' : `Insufficient ${kubeName(name)}`))
}

/** Whether the task asks for more than the machine has in all, so that evicting cannot help. */
function beyondCapacity({ resources, machines, classes }: CellSight, taskClass: number, machine: number): boolean {
  return resources.some((name) => classes.request[name][taskClass] > machines.capacity[name][machine])
}
