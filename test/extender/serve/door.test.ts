import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { node, pod, type Served, serving } from './made-extender.ts'

const nodes = [node('a', 1)]

/** Sends bytes as they are and gives the first line of the answer. */
function raw({ url }: Served, bytes: string, path = '/filter'): Promise<string> {
  const { port } = new URL(url)
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), '127.0.0.1', () => socket.write(bytes.replace('PATH', path)))
    let text = ''
    socket.on('data', (data) => {
      text += data
    })
    socket.on('error', reject)
    socket.on('close', () => resolve(text.split('\r\n')[0]))
  })
}

test('lower-case and lower-camel keys are understood, as old schedulers send them', () =>
  serving({ nodes }, async ({ post }) => {
    for (const body of [
      { pod: pod('x'), nodenames: ['a'] },
      { pod: pod('x'), nodeNames: ['a'], nodes: null },
    ]) {
      assert.deepEqual((await post('filter', body)).body.NodeNames, ['a'])
    }
  }))

test('requests that make no sense are answered 400 with what is wrong', () =>
  serving({ nodes }, async ({ post, extender }) => {
    const cases: readonly [string, unknown, RegExp][] = [
      ['filter', { Pods: pod('x'), NodeNames: ['a'] }, /^Pod: not an object/],
      ['filter', { Pod: pod('x'), Nodes: null, NodeNames: null }, /^neither NodeNames nor Nodes/],
      ['filter', { Pod: pod('x') }, /^neither NodeNames nor Nodes/],
      ['filter', { Pod: pod('x'), NodeNames: 'a' }, /^NodeNames: not a list/],
      ['filter', { Pod: pod('x'), NodeNames: [1] }, /^NodeNames: not a list/],
      ['filter', { Pod: { metadata: {} }, NodeNames: ['a'] }, /^Pod: metadata.uid: missing/],
      ['filter', { Pod: { ...pod('x'), spec: { containers: {} } }, NodeNames: ['a'] }, /^Pod: spec.containers: .*array/],
      ['filter', { Pod: { ...pod('x'), spec: { priority: 'high' } }, NodeNames: ['a'] }, /^Pod: spec.priority: /],
      ['filter', { Pod: { ...pod('x'), status: null }, NodeNames: ['a'] }, /^Pod: status: /],
      [
        'filter',
        { Pod: { ...pod('x'), spec: { containers: [{ resources: { requests: { cpu: {} } } }] } }, NodeNames: ['a'] },
        /requests.cpu/,
      ],
      ['filter', [], /^the request: not an object/],
      ['filter', null, /^the request: not an object/],
      ['prioritize', { NodeNames: ['a'] }, /^Pod: not an object/],
      ['preempt', { Pod: pod('x'), NodeNameToMetaVictims: { a: [] } }, /^victims on a: not an object/],
      ['bind', { PodName: 'x' }, /^PodNamespace: missing/],
    ]
    for (const [verb, body, wrong] of cases) {
      const answer = await post(verb, body)
      assert.equal(answer.status, 400, `${verb} ${JSON.stringify(body)}`)
      assert.match(String(answer.body.error), wrong)
    }
    assert.equal(extender.state.all().length, 0)
  }))

test('a pod whose amounts make no sense is told so in the field that people see', () =>
  serving({ nodes }, async ({ filter }) => {
    const reply = await filter(pod('x', 1500), ['a'])
    assert.match(reply.Error, /stowage.dev\/gpu-milli: 1500/)
    assert.equal((reply.NodeNames ?? []).length, 0)
  }))

test('truncated JSON, an empty body, another type, another verb and another method each have their status', () =>
  serving({ nodes }, async ({ url }) => {
    const ask = async (path: string, init: RequestInit) => (await fetch(url + path, init)).status
    const json = { 'content-type': 'application/json' }
    assert.equal(await ask('/filter', { method: 'POST', headers: json, body: '{"Pod":{"metadata"' }), 400)
    assert.equal(await ask('/filter', { method: 'POST', headers: json, body: '' }), 400)
    assert.equal(await ask('/filter', { method: 'POST', headers: { 'content-type': 'text/plain' }, body: '{}' }), 415)
    assert.equal(await ask('/sort', { method: 'POST', headers: json, body: '{}' }), 404)
    assert.equal(await ask('/filter', { method: 'GET' }), 404)
    assert.equal(await ask('/healthz', { method: 'GET' }), 200)
  }))

test('a body of 5 MB is answered, one above the limit is refused with 413', () =>
  serving({ nodes }, async ({ post }) => {
    const names = Array.from({ length: 250_000 }, (_, i) => `node-with-a-name-${i}`)
    assert.deepEqual((await post('filter', { Pod: pod('x'), NodeNames: [...names, 'a'] })).body.NodeNames, ['a'])
    assert.equal((await post('filter', { Pod: pod('x'), NodeNames: [...names, ...names, ...names] })).status, 413)
  }))

test('a client that takes too long to send is answered 408, in its headers and in its body', () =>
  serving({ nodes, requestTimeout: 300 }, async (served) => {
    const slowBody = 'POST PATH HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{'
    const slowHead = 'POST PATH HTTP/1.1\r\nHost: x\r\n'
    assert.deepEqual(await Promise.all([raw(served, slowBody), raw(served, slowHead)]), [
      'HTTP/1.1 408 Request Timeout',
      'HTTP/1.1 408 Request Timeout',
    ])
  }))

test('an idle connection is kept longer than a request may take', () =>
  serving({ nodes, requestTimeout: 300 }, async ({ url }) => {
    const { port } = new URL(url)
    const socket = connect(Number(port), '127.0.0.1')
    let text = ''
    socket.on('data', (data) => {
      text += data
    })
    const request = 'GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n'
    socket.write(request)
    await pause(1500)
    socket.write(request)
    await pause(200)
    socket.destroy()
    assert.equal(text.match(/HTTP\/1.1 200 OK/g)?.length, 2)
    assert.match(text, /Keep-Alive: timeout=120/i)
  }))

test('1,000 connections at once are all answered, and no device is given twice', () =>
  serving({ nodes: [node('a', 16, { cpu: '2000' })] }, async (served) => {
    const ask = (i: number) => {
      const body = JSON.stringify({ Pod: pod(`p${i}`, 1000), NodeNames: ['a'] })
      return raw(
        served,
        `POST PATH HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
      )
    }
    const answers = await Promise.all(Array.from({ length: 1000 }, (_, i) => ask(i)))
    assert.deepEqual([...new Set(answers)], ['HTTP/1.1 200 OK'])
    const devices = served.extender.state.all().map((holding) => holding.devices)
    assert.equal(new Set(devices).size, 16)
    assert.equal(devices.length, 16)
  }))

test('a body in chunks is read like any other, and refused with 413 where it grows above the limit', () =>
  serving({ nodes, bodyLimit: 2000 }, async (served) => {
    const chunk = (text: string) => `${text.length.toString(16)}\r\n${text}\r\n`
    const head =
      'POST PATH HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n'
    const body = JSON.stringify({ Pod: pod('x', 1000), NodeNames: ['a'] })
    const parts = [body.slice(0, 50), body.slice(50, 51), body.slice(51)].map(chunk).join('')
    assert.equal(await raw(served, `${head}${parts}0\r\n\r\n`), 'HTTP/1.1 200 OK')
    assert.equal(await raw(served, `${head}${chunk(' '.repeat(1500)).repeat(2)}`), 'HTTP/1.1 413 Payload Too Large')
    assert.equal(served.extender.state.all().length, 1)
  }))

test('clients that go away in the middle of a request leave nothing behind', () =>
  serving({ nodes, requestTimeout: 10_000 }, async ({ url, filter, extender }) => {
    const body = JSON.stringify({ Pod: pod('gone', 1000), NodeNames: ['a'] })
    const head = `POST /filter HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`
    await Promise.all(
      Array.from(
        { length: 100 },
        (_, i) =>
          new Promise<void>((resolve) => {
            const socket = connect(Number(new URL(url).port), '127.0.0.1', () => {
              socket.write(`${head}${body.slice(0, i)}`, () => socket.destroy())
            })
            socket.on('close', () => resolve())
          }),
      ),
    )
    assert.deepEqual((await filter(pod('x', 1000), ['a'])).NodeNames, ['a'])
    assert.deepEqual(
      extender.state.all().map(({ key }) => key),
      ['default/x'],
    )
  }))

test('1,000 clients that say nothing keep no other waiting, and are shown the door', () =>
  serving({ nodes, requestTimeout: 1500 }, async (served) => {
    const silent = Promise.all(Array.from({ length: 1000 }, () => raw(served, 'POST PATH HTTP/1.1\r\n')))
    await pause(500)
    const began = performance.now()
    assert.deepEqual((await served.filter(pod('x', 1000), ['a'])).NodeNames, ['a'])
    assert.ok(performance.now() - began < 1000)
    assert.deepEqual([...new Set(await silent)], ['HTTP/1.1 408 Request Timeout'])
  }))

test('a request without a content type, and one with two lengths, each have their status', () =>
  serving({ nodes }, async (served) => {
    const head = 'POST PATH HTTP/1.1\r\nHost: x\r\nConnection: close\r\n'
    assert.equal(await raw(served, `${head}Content-Length: 2\r\n\r\n{}`), 'HTTP/1.1 415 Unsupported Media Type')
    const json = `${head}Content-Type: application/json\r\n`
    assert.equal(await raw(served, `${json}Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}`), 'HTTP/1.1 400 Bad Request')
    assert.equal(await raw(served, `${json}Content-Length: 2\r\n\r\n{}`), 'HTTP/1.1 400 Bad Request')
  }))

test('after it was told to stop nobody is answered', async () => {
  let stopped = ''
  await serving({ nodes }, async ({ url }) => {
    stopped = url
  })
  await assert.rejects(fetch(`${stopped}/healthz`))
})
