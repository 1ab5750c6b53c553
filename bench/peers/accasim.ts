import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { freshProcess } from '../fresh-process.ts'
import { jobLog } from './job-log.ts'
import type { Peer } from './peer.ts'
import { runPeer } from './run-peer.ts'

const FOLDER = fileURLToPath(new URL('accasim', import.meta.url))
const NODES = 100
const CORES = 8

/**
 * AccaSim 1.1.3: a log of one-processor jobs, first in first out to the first node with room, from the log's first line to the last
 * end, in a cold process each. What is compared is the same to the second: both must have made the jobs wait as long.
 */
export const accasim: Peer = {
  name: 'AccaSim 1.1.3',
  prepare: async () => {
    await runPeer('python3', ['-m', 'venv', `${FOLDER}/venv`])
    await runPeer(`${FOLDER}/venv/bin/pip`, ['install', '-q', 'accasim==1.1.3'])
  },
  work: ({ jobs }) => {
    const waits: number[] = []
    const waited = (seconds: number) => {
      waits.push(Math.round(seconds))
      if (waits.some((one) => one !== waits[0])) throw new Error(`AccaSim and ours did other work: jobs waited ${waits.join(' and ')} s`)
    }
    const withLog = async (run: (path: string) => Promise<number>) => {
      const folder = await mkdtemp(join(tmpdir(), 'stowage-peers-'))
      try {
        const path = join(folder, 'jobs.swf')
        await writeFile(path, jobLog({ nodes: NODES, cores: CORES, jobs, seed: 1 }))
        return await run(path)
      } finally {
        await rm(folder, { recursive: true })
      }
    }
    return [
      {
        name: `first-fit: ${jobs} jobs on ${NODES} nodes of ${CORES} cores`,
        theirs: () =>
          withLog(async (path) => {
            const out = await runPeer(`${FOLDER}/venv/bin/python`, [`${FOLDER}/replay.py`, path, `${NODES}`, `${CORES}`])
            const did = JSON.parse(out)
            if (did.jobs !== jobs) throw new Error(`AccaSim did other work than was asked: ${out}`)
            waited(did.waited)
            return did.seconds
          }),
        ours: () =>
          withLog(async (path) => {
            const cell = { machines: 1, days: 1, hosts: 0, vms: 0, cloudlets: 0 }
            const did = await freshProcess('replay', { ...cell, trace: path, packing: 'first-fit', preemption: 'none', seed: 1 })
            if (did.placed !== jobs) throw new Error(`${jobs - did.placed} jobs of the log were not placed`)
            waited(did.waited_seconds)
            return did.seconds + did.generate_seconds
          }),
      },
    ]
  },
}
