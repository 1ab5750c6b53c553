import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { parseAllDocuments } from 'yaml'
import { schedulerProfiles } from '../../extender/index.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'stowage-extender-'))
after(() => rmSync(folder, { recursive: true, force: true }))
const kubeconfig = join(folder, 'kubeconfig')
// Nobody listens on port 1, so the cluster is never read.
writeFileSync(
  kubeconfig,
  JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'c', cluster: { server: 'https://127.0.0.1:1', 'insecure-skip-tls-verify': true } }],
    users: [{ name: 'u', user: { token: 't' } }],
    contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
    'current-context': 'x',
  }),
)

/** Starts the command; `heard` is called with what it has printed so far, on either stream. */
function extender(words: readonly string[], heard: (text: string, end: () => void) => void = () => {}) {
  return new Promise<{ readonly code: number | null; readonly text: string }>((resolve) => {
    const child = spawn(process.execPath, [join(ROOT, 'cli/stowage.ts'), 'extender', ...words])
    let text = ''
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (data) => {
        text += data
        heard(text, () => child.kill('SIGTERM'))
      })
    child.on('close', (code) => resolve({ code, text }))
  })
}

test('without a cluster that answers, it lives, is not ready, and ends with 0 when it is told to stop', async () => {
  let asked: Promise<readonly number[]> | null = null
  const { code, text } = await extender(['--packing', 'best-fit', '--kubeconfig', kubeconfig, '--listen', '127.0.0.1:0'], (told, end) => {
    const [url] = /http:\/\/127\.0\.0\.1:\d+/.exec(told) ?? []
    if (!url || asked) return
    asked = Promise.all(['healthz', 'readyz'].map(async (path) => (await fetch(`${url}/${path}`)).status))
    void asked.then(end)
  })
  assert.deepEqual(await asked, [200, 503])
  assert.equal(code, 0, text)
  assert.match(text, /"msg":"stopped"/)
})

test('values that make no sense end it with 2 and what would do', async () => {
  const cases: readonly [readonly string[], RegExp][] = [
    [['--packing', 'bestfit', '--kubeconfig', kubeconfig], /unknown packing policy: bestfit. Did you mean best-fit\?/],
    [['--packing', 'fgd', '--kubeconfig', join(folder, 'none')], /^stowage: (fgd goes .*\nstowage: )?--kubeconfig: .*no such file/],
    [['--packing', 'fgd', '--kubeconfig', kubeconfig, '--mode', 'guess'], /--mode: unknown: guess \(have decide, advise\)/],
    [['--packing', 'fgd', '--kubeconfig', kubeconfig, '--listen', 'here'], /--listen: not an address: here/],
    [['--packing', 'fgd', '--kubeconfig', kubeconfig, '--tls-cert', 'a.pem'], /--tls-cert and --tls-key: one needs the other/],
  ]
  const ended = await Promise.all(cases.map(([words]) => extender(words)))
  for (const [i, { code, text }] of ended.entries()) {
    assert.equal(code, 2, text)
    assert.match(text, cases[i][1])
  }
})

test('the deployed scheduler’s configuration is one that the simulator reads, and agrees with the extender’s options', () => {
  const documents = (name: string) =>
    parseAllDocuments(readFileSync(join(ROOT, 'deploy', name), 'utf8'), { merge: true }).map((one) => one.toJS())
  const [{ data }] = documents('scheduler-config.yaml')
  const [{ extenders, ...config }] = parseAllDocuments(data['config.yaml']).map((one) => one.toJS())
  const [{ spec }] = documents('deployment.yaml')
  const { containers } = spec.template.spec
  const { args } = containers.find(({ name }: { readonly name: string }) => name === 'extender')
  assert.equal(extenders[0].urlPrefix, `http://${args[args.indexOf('--listen') + 1]}`)
  assert.equal(extenders[0].nodeCacheCapable, true)
  assert.deepEqual([...schedulerProfiles(config, 'scheduler-config.yaml', 34).keys()], ['stowage'])
  for (const { securityContext } of containers) assert.equal(securityContext.readOnlyRootFilesystem, true)
})
