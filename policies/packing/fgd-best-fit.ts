import type { PackingPolicy } from '../../sim/index.ts'
import { fgdColumns, MOST_CPU, MOST_GPU } from '../fgd-columns.ts'

/**
 * The best-fit of the FGD paper: the least CPU and GPU left over, as shares of 128 CPUs and 8 devices, on a scale from 0 to 100
 * over the machines with room. Weng et al. (ATC '23), artifact.
 */
export const fgdBestFit: PackingPolicy = {
  sentence: 'Best fit as the FGD paper has it: the least CPU and GPU left, in equal parts of the largest machine.',
  source: 'Weng et al. (ATC 2023), artifact',
  cells: 'gpu',
  create: (cell) => {
    const { cpuFree, gpuFree, cpu, gpu } = fgdColumns(cell)
    return {
      score: (taskClass, machine) =>
        100 * (1 - ((0.5 * (cpuFree[machine] - cpu[taskClass])) / MOST_CPU + (0.5 * (gpuFree[machine] - gpu[taskClass])) / MOST_GPU)),
      normalise: (score, least, most) => (most === least ? 0 : Math.trunc(((score - least) * 100) / (most - least))),
    }
  },
}
