import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const SHARED = fileURLToPath(new URL('../../../shared/cluster/kind', import.meta.url))
const given = process.env.STOWAGE_KUBECONFIG
const skip = given || existsSync(SHARED) ? false : `SKIPPED: ${SHARED} is not there, and no STOWAGE_KUBECONFIG is given`

/** What the script says, line by line as it says it, and how it ends. */
async function run(command: string, words: readonly string[], heard: (line: string) => void) {
  const child = spawn(command, words, { cwd: ROOT, stdio: ['ignore', 'pipe', 'inherit'] })
  let text = ''
  child.stdout.setEncoding('utf8').on('data', (part: string) => {
    text += part
    for (const line of part.split('\n')) if (line.trim() !== '') heard(line)
  })
  const status = await new Promise((resolve) => child.on('close', resolve))
  return { text, status }
}

test('on a kind cluster real pods are placed as the simulator says, though the extender is killed in the middle', { skip }, async (t) => {
  const { text, status } = given
    ? await run('deploy/try-on-kind.sh', [given], (line) => t.diagnostic(line))
    : await run('test/kind/shared-kind.sh', [], (line) => t.diagnostic(line))
  // No node image, or a cluster that did not start twice before anything of ours was in it; all else is a failure.
  if (status === 77 || status === 75) {
    t.skip(`SKIPPED: ${text.trim().split('\n').at(-1)}`)
    return
  }
  assert.equal(status, 0, text)
  const [, decisions] = /^(\d+) decisions, .*: no difference$/m.exec(text) ?? []
  assert.equal(decisions, '50')
  const [, bound] = /killed, (\d+) of 50 pods bound/.exec(text) ?? []
  assert.ok(Number(bound) >= 20 && Number(bound) < 50, `it was killed in the middle: at ${bound}`)
})
