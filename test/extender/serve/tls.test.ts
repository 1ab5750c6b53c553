import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { request } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { node, pod, serving } from './made-extender.ts'

const skip = spawnSync('openssl', ['version']).status === 0 ? false : 'openssl is not there'
const folder = mkdtempSync(join(tmpdir(), 'stowage-tls-'))
after(() => rmSync(folder, { recursive: true, force: true }))
const file = (name: string) => join(folder, name)
const openssl = (...words: readonly string[]) => execFileSync('openssl', words, { stdio: 'ignore' })

/** A key and a certificate of the CA for 127.0.0.1. */
function certificate(name: string, ca: string): void {
  writeFileSync(file(`${name}.ext`), 'subjectAltName=IP:127.0.0.1\n')
  openssl('req', '-newkey', 'rsa:2048', '-nodes', '-subj', `/CN=${name}`, '-keyout', file(`${name}.key`), '-out', file(`${name}.csr`))
  const signed = ['-CA', file(`${ca}.pem`), '-CAkey', file(`${ca}.key`), '-CAcreateserial', '-days', '1', '-extfile', file(`${name}.ext`)]
  openssl('x509', '-req', '-in', file(`${name}.csr`), ...signed, '-out', file(`${name}.pem`))
}

function authority(name: string): void {
  openssl(
    'req',
    '-x509',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-days',
    '1',
    '-subj',
    `/CN=${name}`,
    '-keyout',
    file(`${name}.key`),
    '-out',
    file(`${name}.pem`),
  )
}

test('with a client CA only clients with a certificate of it are answered, and probes at the other address', { skip }, async () => {
  for (const name of ['ca', 'stranger']) authority(name)
  certificate('server', 'ca')
  certificate('scheduler', 'ca')
  certificate('intruder', 'stranger')
  const tls = { cert: file('server.pem'), key: file('server.key'), clientCa: file('ca.pem') }
  await serving({ nodes: [node('a')], tls, monitor: { host: '127.0.0.1', port: 0 } }, async ({ url, monitorUrl }) => {
    const ask = (client: string | null) =>
      new Promise<string>((resolve, reject) => {
        const identity = client === null ? {} : { cert: readFileSync(file(`${client}.pem`)), key: readFileSync(file(`${client}.key`)) }
        const headers = { 'content-type': 'application/json' }
        const sent = request(
          `${url}/filter`,
          { method: 'POST', headers, ca: readFileSync(file('ca.pem')), ...identity, agent: false },
          (response) => {
            let text = ''
            response.on('data', (part) => {
              text += part
            })
            response.on('end', () => resolve(text))
          },
        )
        sent.on('error', reject)
        sent.end(JSON.stringify({ Pod: pod('x', 500), NodeNames: ['a'] }))
      })
    assert.deepEqual(JSON.parse(await ask('scheduler')).NodeNames, ['a'])
    await assert.rejects(ask(null))
    await assert.rejects(ask('intruder'))
    assert.equal((await fetch(`${monitorUrl}/readyz`)).status, 200)
    assert.equal((await fetch(`${monitorUrl}/filter`, { method: 'POST', body: '{}' })).status, 404)
  })
})
