import type { PackingPolicy } from '../../sim/index.ts'
import { MOST_GPU } from '../fgd-columns.ts'

/**
 * Keeps tasks of one kind together, a kind being a share of a device or a number of whole ones: machines that hold that kind
 * alone, then that kind among others, then no GPU task, then others only; within each, the fuller first. For tasks without GPU
 * all are the same. As specified for the artifact of Weng et al. (ATC '23), after Gandiva's grouping (Xiao et al., OSDI '18).
 */
export const gpuClustering: PackingPolicy = {
  sentence: 'Groups GPU tasks that ask for the same number of devices on the same machines.',
  source: 'Weng et al. (ATC 2023), artifact, after Gandiva (OSDI 2018)',
  cells: 'gpu',
  create: ({ classes, machines: { deviceStart, free, gpuTasks } }) => ({
    score: (taskClass, machine) => {
      if (classes.milli[taskClass] === 0) return 0
      const start = deviceStart[machine]
      const devices = deviceStart[machine + 1] - start
      const kind = classes.milli[taskClass] < WHOLE ? 0 : classes.devices[taskClass]
      let kinds = 0
      for (let k = 0; k <= devices; k++) if (gpuTasks[start + machine + k] > 0) kinds++
      const holdsKind = gpuTasks[start + machine + kind] > 0
      const group = holdsKind ? (kinds === 1 ? 75 : 50) : kinds === 0 ? 25 : 0
      return group + (25 * (MOST_GPU - free.gpu[machine])) / MOST_GPU
    },
  }),
}

/** Milli-GPU of a device. */
const WHOLE = 1000
