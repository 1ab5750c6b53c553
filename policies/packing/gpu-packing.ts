import type { PackingPolicy } from '../../sim/index.ts'

/**
 * Fills devices in use first: machines where the task fits without opening an idle device (the fuller those devices, the better),
 * then those where it opens the fewest, then wholly idle machines. For tasks without GPU all are the same. As specified for the
 * artifact of Weng et al. (ATC '23), after MLaaS in the wild (Weng et al., NSDI '22).
 */
export const gpuPacking: PackingPolicy = {
  sentence: 'Uses GPU devices that are already in use first, then machines that are, then idle machines.',
  source: 'Weng et al. (ATC 2023), artifact, after Weng et al. (NSDI 2022)',
  cells: 'gpu',
  create: ({ classes, fullestDevices, machines: { deviceStart, deviceFree } }) => ({
    score: (taskClass, machine) => {
      const milli = classes.milli[taskClass]
      if (milli === 0) return 0
      const start = deviceStart[machine]
      const devices = deviceStart[machine + 1] - start
      let idle = 0
      for (let d = 0; d < devices; d++) if (deviceFree[start + d] === WHOLE) idle++
      if (idle === devices) return Math.max(33 - idle, idle)
      const taken = fullestDevices(deviceFree, start, start + devices, classes.devices[taskClass], milli)
      let opened = 0
      let unused = 0
      for (let d = 0; d < devices; d++) {
        if (!(taken & (1 << d))) continue
        const free = deviceFree[start + d]
        if (free === WHOLE) opened++
        unused += Math.trunc((free * 100) / WHOLE)
      }
      return opened > 0 ? Math.max(50 - opened, 33) : Math.max(100 - Math.trunc(unused / 10), 50)
    },
  }),
}

/** Milli-GPU of a device. */
const WHOLE = 1000
