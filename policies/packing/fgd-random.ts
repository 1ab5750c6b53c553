import type { PackingPolicy } from '../../sim/index.ts'

/** The random of the FGD paper: any machine with room, and on it any device with room. Weng et al. (ATC '23), artifact. */
export const fgdRandom: PackingPolicy = {
  sentence: 'Any machine with room, and on it any device with room, each equally likely.',
  source: 'Weng et al. (ATC 2023), artifact',
  ties: 'random',
  cells: 'gpu',
  create: ({ classes, machines: { deviceStart, deviceFree }, random }) => ({
    score: () => 0,
    device: (taskClass, machine) => {
      const milli = classes.milli[taskClass]
      const fitting: number[] = []
      for (let d = deviceStart[machine]; d < deviceStart[machine + 1]; d++)
        if (deviceFree[d] >= milli) fitting.push(d - deviceStart[machine])
      return fitting[Math.floor(random() * fitting.length)]
    },
  }),
}
