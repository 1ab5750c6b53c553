import type { PackingPolicy } from '../../sim/index.ts'

/**
 * The least rise in electric power, on a scale from 0 to 100 over the machines with room: devices draw full power with any
 * allocation and idle power without, sockets likewise. PWR of Lettich et al. (CCGrid 2025), with their figures; that a socket is
 * in use as soon as one of its threads is, that threads are two a core, and that tasks fill sockets one after the other is ours.
 */
export const power: PackingPolicy = {
  sentence: 'Saves power: the machine where the fewest idle devices and sockets have to be woken (PWR).',
  source: 'Lettich et al. (CCGrid 2025); sockets ours',
  cells: 'gpu',
  create: ({ models, classes, fullestDevices, machines }) => {
    const { deviceStart, deviceFree, model, free, capacity } = machines
    const gpuOf = models.map((name) => GPU[name] ?? GPU.G2)
    const cpuOf = models.map((name) => (name === '' ? CPU.none : (CPU[name] ?? CPU.P100)))
    const cpuFree = free.cpu ?? new Float64Array(machines.count)
    const cpuWhole = capacity.cpu ?? new Float64Array(machines.count)
    const cpu = classes.request.cpu ?? new Float64Array(classes.count)

    const deviceRise = (taskClass: number, machine: number) => {
      const start = deviceStart[machine]
      const end = deviceStart[machine + 1]
      const taken = fullestDevices(deviceFree, start, end, classes.devices[taskClass], classes.milli[taskClass])
      let woken = 0
      for (let d = start; d < end; d++) if (taken & (1 << (d - start)) && deviceFree[d] === WHOLE) woken++
      const { idle, full } = gpuOf[model[machine]]
      return woken * (full - idle)
    }

    return {
      score: (taskClass, machine) => {
        const { idle, full, cores } = cpuOf[model[machine]]
        const socket = cores * THREADS * 1000
        const used = cpuWhole[machine] - cpuFree[machine]
        const sockets = Math.ceil(cpuWhole[machine] / socket)
        const inUse = (amount: number) => Math.min(sockets, Math.ceil(amount / socket))
        const cpuRise = (inUse(used + cpu[taskClass]) - inUse(used)) * (full - idle)
        return -cpuRise - (classes.devices[taskClass] > 0 ? deviceRise(taskClass, machine) : 0)
      },
      normalise: (score, least, most) => (most === least ? 100 : Math.trunc(((score - least) * 100) / (most - least))),
    }
  },
}

interface Watts {
  readonly idle: number
  readonly full: number
}

/** Of one device. G1, G2 and G3 are placeholders of the authors', and what a model that they do not name gets here. */
const GPU: Readonly<Record<string, Watts>> = {
  T4: { idle: 10, full: 70 },
  A10: { idle: 30, full: 150 },
  P100: { idle: 25, full: 250 },
  V100M16: { idle: 30, full: 300 },
  V100M32: { idle: 30, full: 300 },
  A100: { idle: 50, full: 400 },
  G1: { idle: 25, full: 250 },
  G2: { idle: 25, full: 250 },
  G3: { idle: 25, full: 250 },
}

/** Of one socket, by the model of the machine's GPUs; `none` without GPU, P100's for a model not named. */
const CPU: Readonly<Record<string, Watts & { readonly cores: number }>> = {
  none: { idle: 20, full: 205, cores: 26 },
  T4: { idle: 20, full: 165, cores: 24 },
  P100: { idle: 15, full: 120, cores: 16 },
  V100M16: { idle: 20, full: 185, cores: 16 },
  V100M32: { idle: 20, full: 185, cores: 16 },
  A100: { idle: 20, full: 270, cores: 32 },
}

/** Milli-GPU of a device. */
const WHOLE = 1000
const THREADS = 2
