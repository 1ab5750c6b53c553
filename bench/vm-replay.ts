import { randomStream, type Trace, TraceBuilder } from '../sim/index.ts'
import { below } from './vm-cell.ts'

export interface VmReplay {
  readonly hosts: number
  readonly vms: number
  readonly cloudlets: number
  readonly seed: number
}

const HOST_CORES = 8
const HOST_MEMORY = 16_384
const VM_CORES = [1, 2, 4]
const VM_MEMORY = 512
/** A cloudlet is 10 s of one core's work. */
const CLOUDLET = 10_000_000

/**
 * What a run of CloudSim Plus does: VMs find hosts by the packing policy, cloudlets find VMs, all arrive at 0 and end. A VM is a
 * task on a host and beside that a machine of its own, whose cores the cloudlets take: hosts have CPU and memory, VMs have
 * `core`, so that neither can stand in for the other. VMs come first in the queue, and end as the cloudlets do.
 */
export function vmReplay({ hosts, vms, cloudlets, seed }: VmReplay): Trace {
  const builder = new TraceBuilder({
    name: 'vms',
    format: 'made',
    resources: [
      { name: 'cpu', unit: 'core', scale: 1 },
      { name: 'memory', unit: 'MB', scale: 1024 },
      { name: 'core', unit: 'core of a VM', scale: 1 },
    ],
    tiers: ['batch'],
  })
  const user = builder.user('')
  const add = (name: string, request: readonly number[], priority: number) => {
    const task = builder.task(builder.job(name, user, 'batch'), 0)
    builder.run({ task, class: builder.class({ request, priority, tier: 'batch' }), arrival: 0, runTime: CLOUDLET, end: 'finish' })
  }
  for (let host = 0; host < hosts; host++) builder.machine({ id: `host ${host}`, capacity: [HOST_CORES, HOST_MEMORY, 0], present: true })
  for (const [vm, cores] of drawCores(vms, seed).entries()) {
    builder.machine({ id: `vm ${vm}`, capacity: [0, 0, cores], present: true })
    add(`vm ${vm}`, [cores, VM_MEMORY, 0], 1)
  }
  for (let cloudlet = 0; cloudlet < cloudlets; cloudlet++) add(`cloudlet ${cloudlet}`, [0, 0, 1], 0)
  return builder.trace({ start: 0, end: 10 * CLOUDLET, counts: {}, skipped: {} })
}

/** The cores of each VM. */
export function drawCores(vms: number, seed: number): readonly number[] {
  const draw = randomStream(seed, 'vms')
  return Array.from({ length: vms }, () => VM_CORES[below(draw, VM_CORES.length)])
}
