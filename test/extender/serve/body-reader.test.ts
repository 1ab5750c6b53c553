import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { BodyReader } from '../../../extender/serve/body-reader.ts'

const read = (reader: BodyReader, parts: readonly Buffer[]): unknown => {
  try {
    return { value: reader.read(parts) }
  } catch (error) {
    return { error: String((error as Error).message) }
  }
}

const plain = (body: Buffer): unknown => {
  try {
    return { value: JSON.parse(body.toString()) }
  } catch (error) {
    return { error: `the body is not JSON: ${(error as Error).message}` }
  }
}

const names = fc.constantFrom('"a","b"', '"b"', '', '1,null', '"é"', '"a","NodeNames":["c"]', '{"NodeNames":[]}', '","', '"\\u0061"')
const part = fc.oneof(
  { weight: 4, arbitrary: names.map((list) => `,"NodeNames":[${list}]`) },
  { weight: 4, arbitrary: names.map((list) => `,"Nodes":null,"NodeNames":[${list}]`) },
  {
    weight: 4,
    arbitrary: fc.constantFrom('"Pod":{"a":"é"}', '"Pod":{', '"Pod":"', '"NodeNames":["x"]', '"__proto__":{"NodeNames":1}', '"Nodes":{}'),
  },
  { weight: 3, arbitrary: fc.constantFrom('{', '}', '}}', '"', '\\', ',', ':', ' ', '[', ']', '\uFEFF', ',"x":1', '"Pod":1') },
  { weight: 1, arbitrary: fc.json() },
)
const usual = fc.tuple(fc.constantFrom('"Pod":{}', '"Pod":{"x":1},"Nodes":{}', ''), part).map(([pod, end]) => `{${pod}${end}}`)
const body = fc.oneof(
  usual.map((text) => Buffer.from(text)),
  fc.array(part, { maxLength: 5 }).map((parts) => Buffer.from(`{${parts.join('')}}`)),
  fc.array(part, { maxLength: 5 }).map((parts) => Buffer.from(parts.join(''))),
  // Cut anywhere, in the middle of a letter too, and with a byte that is none.
  fc.tuple(usual, fc.nat(60), fc.nat(255)).map(([text, at, byte]) => {
    const bytes = Buffer.from(text)
    return Buffer.concat([bytes.subarray(0, at), Buffer.from([byte]), bytes.subarray(at)])
  }),
)

/** The body in two parts, each with memory of its own, as they come from a socket. */
function inParts(bytes: Buffer, at: number): readonly Buffer[] {
  const copies = [bytes.subarray(0, at), bytes.subarray(at)].map((part) => new Uint8Array(part))
  return copies.map(({ buffer }) => Buffer.from(buffer))
}

test('whatever bodies came before, one is read as JSON.parse reads it, its keys in the same order', () => {
  fc.assert(
    fc.property(fc.array(body, { minLength: 1, maxLength: 12 }), fc.nat(80), (bodies, at) => {
      const reader = new BodyReader()
      for (const one of bodies) {
        const [theirs, ours] = [plain(one), read(reader, inParts(one, at))]
        assert.deepEqual(ours, theirs)
        assert.equal(JSON.stringify(ours), JSON.stringify(theirs))
      }
    }),
    { numRuns: Number(process.env.PROPERTY_CASES ?? 2000) },
  )
})

test('names that come again are the same list, as long as few others come between', () => {
  const reader = new BodyReader()
  const namesOf = (text: string) => (reader.read([Buffer.from(text)]) as { readonly NodeNames: readonly string[] }).NodeNames
  const first = namesOf('{"Pod":{"a":1},"Nodes":null,"NodeNames":["a","b"]}')
  assert.deepEqual(first, ['a', 'b'])
  assert.equal(namesOf('{"Pod":{"b":2},"Nodes":null,"NodeNames":["a","b"]}'), first)
  for (const other of 'cde') namesOf(`{"Pod":{},"Nodes":null,"NodeNames":["${other}"]}`)
  assert.equal(namesOf('{"Pod":{},"Nodes":null,"NodeNames":["a","b"]}'), first)
  for (const other of 'fghi') namesOf(`{"Pod":{},"Nodes":null,"NodeNames":["${other}"]}`)
  assert.notEqual(namesOf('{"Pod":{},"Nodes":null,"NodeNames":["a","b"]}'), first)
})

test('bodies of any length are read whole, and parts that share their memory keep it', () => {
  const reader = new BodyReader()
  for (const length of [10, 300_000, 20, 5_000_000, 30]) {
    const bytes = Buffer.from(JSON.stringify({ Pod: 'x'.repeat(length) }))
    const parts = [bytes.subarray(0, 5), bytes.subarray(5)]
    assert.equal((reader.read(parts) as { readonly Pod: string }).Pod.length, length)
    assert.equal(parts[0].toString(), '{"Pod')
  }
})
