import { fileURLToPath } from 'node:url'
import { freshProcess } from '../fresh-process.ts'
import type { Peer } from './peer.ts'
import { runPeer } from './run-peer.ts'

const FOLDER = fileURLToPath(new URL('simcore', import.meta.url))
const PENDING = 100_000

/** simcore 0.1.0, DSLab's event loop, beside our queue: the hold model; a handler is called for an event on its side, since its loop cannot do without. */
export const simcore: Peer = {
  name: 'simcore 0.1.0',
  prepare: async () => {
    await runPeer('cargo', ['build', '-q', '--release', '--manifest-path', `${FOLDER}/Cargo.toml`])
  },
  work: ({ events }) => [
    {
      name: `hold model: ${PENDING} pending, ${events} events`,
      theirs: async () => {
        const did = JSON.parse(await runPeer(`${FOLDER}/target/release/hold`, [`${PENDING}`, `${events}`]))
        if (did.events !== events) throw new Error(`simcore handled ${did.events} events of ${events}`)
        return did.seconds
      },
      ours: async () => (await freshProcess('queue', { pending: PENDING, events, seed: 1 })).seconds,
    },
  ],
}
