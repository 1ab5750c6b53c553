import type { CellView } from '../sim/index.ts'

/** The largest machine of the FGD paper: 128 CPUs in milli-CPU, 8 devices in milli-GPU. */
export const MOST_CPU = 128_000
export const MOST_GPU = 8000

/** CPU and GPU that each machine has free and each class asks for; zeros where the cell has no such resource. */
export function fgdColumns({ machines, classes }: CellView) {
  const machineColumn = (name: string) => machines.free[name] ?? new Float64Array(machines.count)
  const classColumn = (name: string) => classes.request[name] ?? new Float64Array(classes.count)
  return { cpuFree: machineColumn('cpu'), gpuFree: machineColumn('gpu'), cpu: classColumn('cpu'), gpu: classColumn('gpu') }
}
