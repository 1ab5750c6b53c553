/**
 * Requests as kube-scheduler sends them, mutated: bytes flipped, cut and doubled; fields renamed, dropped and given other values; heads
 * that lie; pieces sent one by one, and connections that end in the middle. Every answer must have one of the defined statuses, an
 * honest request beside them must be answered as ever, and when it is over nothing may be reserved.
 * `npm run fuzz:door -- --minutes 10 --seed 1` ends with 1 where one of these is false, and prints the request.
 */
import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { randomStream } from '../../../sim/index.ts'
import { node, pod, type Served, serving } from './made-extender.ts'

/** What the door may say. 503 only after it was told to stop; never 500. */
const STATUSES = new Set([200, 400, 404, 408, 413, 414, 415, 431])
const ROUND = 250
/** Requests at once. */
const AT_ONCE = 25
const NAMES = ['a', 'b', 'c', 'd']

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    seed: { type: 'string', default: '1' },
    pause: { type: 'string', default: '0' },
  },
})
const random = randomStream(Number(values.seed), 'fuzz')
const below = (count: number) => Math.floor(random() * count)
const oneOf = <T>(all: readonly T[]): T => all[below(all.length)]

type Json = null | boolean | number | string | readonly Json[] | { readonly [field: string]: Json }

const ODD: readonly Json[] = [
  null,
  true,
  0,
  -1,
  1e308,
  2 ** 53,
  '',
  'a',
  '-5',
  '1e999',
  '9'.repeat(400),
  'ä\u0000😀',
  '__proto__',
  'default/../x',
  'x'.repeat(70_000),
  [],
  [[]],
  [null],
  {},
  { a: {} },
  { constructor: { prototype: 1 } },
]

/** A request as it is sent. */
function real(i: number): { readonly verb: string; readonly body: Json } {
  const milli = oneOf([0, 250, 700, 1000, 2000])
  const name = `p${i}`
  const one = pod(name, milli) as unknown as { readonly [field: string]: Json }
  const verb = oneOf(['filter', 'filter', 'filter', 'prioritize', 'preempt', 'bind'])
  if (verb === 'bind') return { verb, body: { PodName: name, PodNamespace: 'default', PodUID: `uid-${name}`, Node: oneOf(NAMES) } }
  if (verb === 'preempt') {
    const meta = { a: { Pods: [{ UID: `uid-p${below(i + 1)}` }], NumPDBViolations: 0 } }
    return { verb, body: { Pod: one, NodeNameToVictims: null, NodeNameToMetaVictims: meta } }
  }
  const items = NAMES.map((of) => node(of)) as unknown as Json
  return {
    verb,
    body: below(4) === 0 ? { Pod: one, Nodes: { metadata: {}, items }, NodeNames: null } : { Pod: one, Nodes: null, NodeNames: NAMES },
  }
}

/** The same with something else at one place. */
function mutate(value: Json): Json {
  if (typeof value !== 'object' || value === null || below(8) === 0) return oneOf(ODD)
  if (Array.isArray(value)) {
    const list = [...value] as Json[]
    const at = below(list.length + 1)
    const what = below(3)
    if (what === 0 || at === list.length) list.splice(at, 0, oneOf(ODD))
    else if (what === 1) list.splice(at, 1)
    else list[at] = mutate(list[at])
    return list
  }
  const fields = Object.entries(value as { readonly [field: string]: Json })
  if (fields.length === 0) return oneOf(ODD)
  const at = below(fields.length)
  const [key, old] = fields[at]
  const what = below(5)
  if (what === 0) fields.splice(at, 1)
  else if (what === 1) fields[at] = [oneOf([key.toLowerCase(), key.toUpperCase(), `${key}x`, '__proto__', '']), old]
  else fields[at] = [key, mutate(old)]
  return Object.fromEntries(fields)
}

function mutateBytes(bytes: Buffer): Buffer {
  const at = below(bytes.length + 1)
  const to = Math.min(bytes.length, at + below(30))
  const what = below(4)
  if (what === 0) return bytes.subarray(0, at)
  if (what === 1) return Buffer.concat([bytes.subarray(0, to), bytes.subarray(at)])
  if (what === 2) return Buffer.concat([bytes.subarray(0, at), bytes.subarray(to)])
  const flipped = Buffer.from(bytes)
  for (let i = at; i < to; i++) flipped[i] = below(256)
  return flipped
}

function message(i: number): Buffer {
  const { verb, body } = real(i)
  let value: Json = body
  for (let times = below(4); times > 0; times--) value = mutate(value)
  let text = Buffer.from(JSON.stringify(value))
  if (below(4) === 0) text = Buffer.from(mutateBytes(text))
  const length = below(12) === 0 ? oneOf([-1, 0, text.length + 7, Math.max(0, text.length - 3), 1e9, 'x']) : text.length
  const head = [
    `${below(30) === 0 ? oneOf(['GET', 'PUT', 'FILTER', '']) : 'POST'} /${below(30) === 0 ? oneOf(['', 'Filter', '..', '%00', 'x'.repeat(500)]) : verb} HTTP/1.1`,
    'Host: door',
    `Content-Type: ${below(20) === 0 ? oneOf(['text/plain', '', 'application/json; charset=utf-16', 'application/jsonx']) : 'application/json'}`,
    below(15) === 0
      ? oneOf(['Transfer-Encoding: chunked', 'Expect: 100-continue', 'Content-Encoding: gzip', `X: ${'y'.repeat(20_000)}`])
      : 'X: y',
    `Content-Length: ${length}`,
    'Connection: close',
  ]
  const whole = Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`), text])
  return below(20) === 0 ? mutateBytes(whole) : whole
}

/** Sends it, in pieces at times; gives the status, or null where the connection was ended without one, by either side. */
function send({ url }: Served, bytes: Buffer): Promise<number | null> {
  const pieces = below(5) === 0 ? [bytes.subarray(0, bytes.length >> 1), bytes.subarray(bytes.length >> 1)] : [bytes]
  const isCut = below(15) === 0
  return new Promise((resolve) => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1', async () => {
      for (const piece of pieces) {
        socket.write(piece)
        if (pieces.length > 1) await pause(1)
      }
      if (isCut) socket.destroy()
    })
    let answer = ''
    socket.on('data', (data) => {
      answer += data.toString('latin1')
    })
    socket.on('error', () => {})
    socket.on('close', () => {
      const status = [...answer.matchAll(/^HTTP\/1\.1 (\d+)/gm)].map(([, code]) => Number(code)).find((code) => code >= 200)
      resolve(status ?? null)
    })
  })
}

const nodes = NAMES.map((name) => node(name))
const statuses = new Map<number | null, number>()
const end = performance.now() + 60_000 * Number(values.minutes)
const memory: number[] = []
let sent = 0

await serving({ nodes, requestTimeout: 200, expiry: 200, grace: 50, driftEvery: 1000, bodyLimit: 2 ** 20 }, async (served) => {
  const { api, extender, filter } = served
  while (performance.now() < end) {
    for (let i = 0; i < ROUND; i += AT_ONCE) {
      const messages = Array.from({ length: AT_ONCE }, (_, k) => message(sent + i + k))
      for (let k = 0; k < AT_ONCE; k += 2) api.put('pods', pod(`p${sent + i + k}`, 250))
      const answers = await Promise.all(messages.map((one) => send(served, one)))
      for (const [k, status] of answers.entries()) {
        statuses.set(status, (statuses.get(status) ?? 0) + 1)
        if (status !== null && !STATUSES.has(status)) assert.fail(`answered ${status}: ${messages[k].toString('latin1')}`)
      }
      await pause(Number(values.pause))
    }
    sent += ROUND
    const { cell } = extender.state
    assert.deepEqual(extender.state.cell().overfull(), { nodes: 0, devices: 0 }, `${cell.name}: something was given twice`)
    // All pods go; then nothing may be left of any request, and an honest one finds all of the room.
    for (const key of [...api.objects.pods.keys()]) api.remove('pods', key)
    for (let tries = 0; extender.state.all().length > 0; tries++) {
      assert.ok(
        tries < 500,
        `left behind: ${extender.state
          .all()
          .map(({ key }) => key)
          .join()}`,
      )
      await pause(10)
    }
    api.put('pods', pod(`honest-${sent}`, 4000))
    assert.equal((await filter(api.pod(`default/honest-${sent}`), NAMES)).NodeNames?.length, 1)
    api.remove('pods', `default/honest-${sent}`)
    memory.push(process.memoryUsage().heapUsed / 1e6)
  }
  assert.deepEqual(extender.state.verify(), [])
  assert.match((await served.get('/metrics')).text, /stowage_overfull_devices 0\n/)
})

const told = [...statuses].sort((a, b) => (a[0] ?? 0) - (b[0] ?? 0)).map(([status, times]) => `${status ?? 'no answer'}: ${times}`)
const least = (some: readonly number[]) => Math.min(...some).toFixed(0)
console.log(`seed ${values.seed}: ${sent} requests; ${told.join(', ')}`)
console.log(
  `heap, the least of the first and of the last quarter: ${least(memory.slice(0, Math.ceil(memory.length / 4)))} and ${least(memory.slice(-Math.ceil(memory.length / 4)))} MB`,
)
