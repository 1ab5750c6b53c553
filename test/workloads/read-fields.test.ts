import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { InputError } from '../../sim/index.ts'
import { readFields } from '../../workloads/read-fields.ts'
import { readInteger } from '../../workloads/read-number.ts'
import { madeFolder } from './made-folder.ts'

async function rowsOf(content: string): Promise<string[][]> {
  const rows: string[][] = []
  const folder = madeFolder({ 'a.csv': content })
  await readFields(`${folder}/a.csv`, (fields) => {
    rows.push(Array.from({ length: fields.count }, (_, field) => fields.text(field)))
  })
  return rows
}

test('fields are what a split at every comma gives, with any number of them, empty ones too', async () => {
  const cell = fc.string({ unit: fc.constantFrom('a', 'é', '😀', '"', '-', '.', ' ', '0') })
  const line = fc.array(cell, { minLength: 1, maxLength: 200 }).map((cells) => cells.join(','))
  await fc.assert(
    fc.asyncProperty(fc.array(line, { minLength: 1 }), fc.constantFrom('\n', '\r\n'), async (lines, end) => {
      fc.pre(lines.join('') !== '')
      assert.deepEqual(
        await rowsOf(lines.join(end)),
        lines.filter((text) => text !== '').map((text) => text.split(',')),
      )
    }),
    { numRuns: 50 },
  )
})

test('a byte order mark is no part of the first field', async () => {
  assert.deepEqual(await rowsOf('\ufeffa,b\nc'), [['a', 'b'], ['c']])
})

/** A value, or the message of the InputError in its stead. */
function valueOrMessage(read: () => number): number | string {
  try {
    return read()
  } catch (error) {
    assert.ok(error instanceof InputError)
    return error.message
  }
}

test('a number read from bytes is the one read from text, and what is none is refused in the same words', async () => {
  const digits = fc.string({ unit: fc.constantFrom(...'0123456789'), maxLength: 20 })
  const text = fc.oneof(
    digits,
    fc.constantFrom('-1', '+1', '1e3', '0x10', '1.5', ' 1', '"1"', '٣', '007', '9007199254740991', '9007199254740992'),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(text, { minLength: 1 }), async (texts) => {
      const folder = madeFolder({ 'a.csv': texts.map((one) => `x,${one}`).join('\n') })
      await readFields(`${folder}/a.csv`, (fields, place) => {
        const expected = valueOrMessage(() => readInteger(texts[place.line - 1], 'number', place))
        assert.equal(
          valueOrMessage(() => fields.integer(1, 'number', place)),
          expected,
        )
        const within = valueOrMessage(() => fields.within(1, 'number', place, { least: 5, most: 500 }))
        if (typeof expected === 'string' || (expected >= 5 && expected <= 500)) assert.equal(within, expected)
        else assert.match(String(within), /number out of range: .* \(from 5 to 500 would do\)$/)
      })
    }),
    { numRuns: 50 },
  )
})
