import { readFile } from 'node:fs/promises'
import { delimiter } from 'node:path'
import { fileURLToPath } from 'node:url'
import { freshProcess } from '../fresh-process.ts'
import { drawCores } from '../vm-replay.ts'
import type { Peer } from './peer.ts'
import { runPeer } from './run-peer.ts'

const FOLDER = fileURLToPath(new URL('cloudsimplus', import.meta.url))
const CLOUDSIM_POLICIES = ['first-fit', 'best-fit', 'worst-fit'] as const

/**
 * CloudSim Plus 8.5.7: hosts of 8 cores, 2 VMs of {1, 2, 4} cores a host and 2.5 cloudlets, all arriving at once, each 10 s of a core's
 * work. The VMs are the same on both sides. Cloudlets go round all VMs there and share their cores; here the packing policy finds
 * each a free core. Both count from the making of the first host to the end of the last cloudlet, each in a cold process.
 */
export const cloudsimplus: Peer = {
  name: 'CloudSim Plus 8.5.7',
  prepare: async () => {
    await runPeer('java', ['-version'])
    await runPeer('mvn', [
      '-q',
      '-B',
      '-f',
      `${FOLDER}/pom.xml`,
      'compile',
      'dependency:build-classpath',
      `-Dmdep.outputFile=${FOLDER}/target/classpath`,
    ])
  },
  work: ({ hosts }) =>
    CLOUDSIM_POLICIES.map((policy) => {
      const vms = 2 * hosts
      const cloudlets = Math.round(2.5 * hosts)
      return {
        name: `${policy}: ${hosts} hosts, ${vms} VMs, ${cloudlets} cloudlets`,
        theirs: async () => {
          const classpath = `${FOLDER}/target/classes${delimiter}${await readFile(`${FOLDER}/target/classpath`, 'utf8')}`
          const out = await runPeer('java', ['-cp', classpath, 'Peer', `${hosts}`, `${cloudlets}`, policy], drawCores(vms, 1).join('\n'))
          const did = JSON.parse(out)
          if (did.vms !== vms || did.cloudlets !== cloudlets) throw new Error(`CloudSim Plus did other work than was asked: ${out}`)
          return did.seconds
        },
        ours: async () => {
          const options = { machines: 1, days: 1, hosts, vms, cloudlets, packing: policy, preemption: 'none', seed: 1 } as const
          const { seconds, generate_seconds } = await freshProcess('replay', options)
          return seconds + generate_seconds
        },
      }
    }),
}
