import { fileURLToPath } from 'node:url'
import { freshProcess } from '../fresh-process.ts'
import type { Peer } from './peer.ts'
import { runPeer } from './run-peer.ts'

const FOLDER = fileURLToPath(new URL('simpy', import.meta.url))
const PENDING = 100_000

/** SimPy 4.1.2's event loop beside our queue: the hold model, callbacks counted in on its side, since its loop cannot do without. */
export const simpy: Peer = {
  name: 'SimPy 4.1.2',
  prepare: async () => {
    await runPeer('python3', ['-m', 'venv', `${FOLDER}/venv`])
    await runPeer(`${FOLDER}/venv/bin/pip`, ['install', '-q', 'simpy==4.1.2'])
  },
  work: ({ events }) => [
    {
      name: `hold model: ${PENDING} pending, ${events} events`,
      theirs: async () => JSON.parse(await runPeer(`${FOLDER}/venv/bin/python`, [`${FOLDER}/hold.py`, `${PENDING}`, `${events}`])).seconds,
      ours: async () => (await freshProcess('queue', { pending: PENDING, events, seed: 1 })).seconds,
    },
  ],
}
