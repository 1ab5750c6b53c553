import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'

const PEERS = fileURLToPath(new URL('../../bench/peers/peers.ts', import.meta.url))

test('a peer that cannot be run here is skipped in a clear word, and that is no failure', async () => {
  const { code, out } = await new Promise<{ code: number | null; out: string }>((done) => {
    const child = execFile(process.execPath, [PEERS, '--runs', '1'], { env: { PATH: '/nonexistent' } }, (_, out) =>
      done({ code: child.exitCode, out }),
    )
  })
  assert.equal(code, 0)
  assert.deepEqual(out.trim().split('\n'), [
    'SKIPPED CloudSim Plus 8.5.7: java is not installed',
    'SKIPPED AccaSim 1.1.3: python3 is not installed',
    'SKIPPED simcore 0.1.0: cargo is not installed',
    'SKIPPED SimPy 4.1.2: python3 is not installed',
  ])
})
