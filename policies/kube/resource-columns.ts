import type { CellSight } from '../../sim/index.ts'
import type { ResourceWeight } from './profile.ts'

const NATIVE = ['cpu', 'memory', 'ephemeral-storage']

/** The resource of the cell that Kubernetes calls so: GPUs are devices here, where machines have few enough. */
function cellName(view: CellSight, name: string): string {
  return name === 'nvidia.com/gpu' && !view.resources.includes(name) ? 'gpu' : name
}

/** What Kubernetes calls a resource of the cell. */
export function kubeName(name: string): string {
  return name === 'gpu' ? 'nvidia.com/gpu' : name
}

/** The columns of the resources that a score counts, those that the cell has. */
export function resourceColumns(view: CellSight, resources: readonly ResourceWeight[]) {
  const { machines, classes } = view
  return resources.flatMap(({ name, weight }) => {
    const own = cellName(view, name)
    if (!view.resources.includes(own)) return []
    return [
      {
        weight,
        /** Extended resources count only for pods that ask for them. */
        isExtended: !NATIVE.includes(name),
        capacity: machines.capacity[own],
        free: machines.free[own],
        counted: machines.counted[own],
        request: classes.request[own],
        asked: classes.asked[own],
      },
    ]
  })
}
