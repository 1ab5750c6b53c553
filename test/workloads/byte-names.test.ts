import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { ByteNames } from '../../workloads/byte-names.ts'

test('names are numbered as a map of strings numbers them, over many growths of the table', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'grapheme', maxLength: 3 }), { maxLength: 5000, size: 'max' }), (words) => {
      const names = new ByteNames()
      const rows = new Map<string, number>()
      for (const word of words) {
        const bytes = Buffer.from(`<${word}>`)
        const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
        assert.equal(names.find(view, 1, bytes.length - 1), rows.get(word) ?? -1)
        const row = names.row(view, 1, bytes.length - 1)
        if (!rows.has(word)) rows.set(word, rows.size)
        assert.equal(row, rows.get(word))
      }
      assert.deepEqual(
        Array.from({ length: names.count }, (_, row) => names.text(row)),
        [...rows.keys()],
      )
    }),
    { numRuns: 20 },
  )
})
