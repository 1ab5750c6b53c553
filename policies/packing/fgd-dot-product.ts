import type { PackingPolicy } from '../../sim/index.ts'
import { fgdColumns, MOST_CPU, MOST_GPU } from '../fgd-columns.ts'

/**
 * The dot-product of the FGD paper: the smallest product of what is left and what is asked for, CPU and GPU as shares of 128 CPUs
 * and 8 devices; the opposite of Tetris. Weng et al. (ATC '23), artifact.
 */
export const fgdDotProduct: PackingPolicy = {
  sentence: 'Dot product as the FGD paper has it: the smallest product of what is free and what is asked for.',
  source: 'Weng et al. (ATC 2023), artifact',
  cells: 'gpu',
  create: (cell) => {
    const { cpuFree, gpuFree, cpu, gpu } = fgdColumns(cell)
    return {
      score: (taskClass, machine) => {
        const cpuProduct = (cpuFree[machine] / MOST_CPU) * (cpu[taskClass] / MOST_CPU)
        const gpuProduct = (gpuFree[machine] / MOST_GPU) * (gpu[taskClass] / MOST_GPU)
        return 100 * (1 - 0.5 * (cpuProduct + gpuProduct))
      },
    }
  },
}
