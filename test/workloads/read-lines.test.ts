import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { readLines } from '../../workloads/read-lines.ts'
import { madeFolder } from './made-folder.ts'
import { rejectsWith } from './rejects-with.ts'

async function linesOf(path: string): Promise<string[]> {
  const lines: string[] = []
  await readLines(path, (line, place) => lines.push(`${place.line} ${line}`))
  return lines
}

test('lines come with their numbers, without line ends, blank ones left out', async () => {
  const folder = madeFolder({ 'a.csv': 'one\r\n\ntwo\nthree' })
  assert.deepEqual(await linesOf(`${folder}/a.csv`), ['1 one', '3 two', '4 three'])
})

test('gzip is told by its content, whatever its name', async () => {
  const folder = madeFolder({ 'a.csv': gzipSync('one\ntwo\n') })
  assert.deepEqual(await linesOf(`${folder}/a.csv`), ['1 one', '2 two'])
})

test('a line is whole wherever the chunks break', async () => {
  const line = fc.string({ unit: fc.constantFrom('a', 'é', '😀', ','), minLength: 1, maxLength: 200_000 })
  await fc.assert(
    fc.asyncProperty(fc.array(line, { minLength: 1, maxLength: 8 }), fc.boolean(), async (lines, gzip) => {
      const text = lines.join('\n')
      const folder = madeFolder({ file: gzip ? gzipSync(text, { level: 1 }) : text })
      assert.deepEqual(
        await linesOf(`${folder}/file`),
        lines.map((content, i) => `${i + 1} ${content}`),
      )
    }),
    { numRuns: 10 },
  )
})

test('what cannot be read is bad input, and says why', async () => {
  const whole = gzipSync(Array.from({ length: 5000 }, (_, i) => `row ${i * 7919}`).join('\n'))
  const folder = madeFolder({
    'empty.csv': '',
    'nothing.csv.gz': gzipSync(''),
    'plain.csv.gz': 'one\ntwo\n',
    'cut.csv.gz': whole.subarray(0, whole.length / 2),
    'damaged.csv.gz': Buffer.concat([whole.subarray(0, 200), Buffer.alloc(200, 255), whole.subarray(400)]),
  })
  const read = (name: string) => linesOf(`${folder}/${name}`)
  await rejectsWith(read('missing.csv'), folder, 'missing.csv: no such file or folder')
  await rejectsWith(read(''), folder, /a folder where a file was expected$/)
  await rejectsWith(read('empty.csv'), folder, 'empty.csv: empty file')
  await rejectsWith(read('nothing.csv.gz'), folder, 'nothing.csv.gz: empty file (gzip of nothing)')
  await rejectsWith(read('plain.csv.gz'), folder, 'plain.csv.gz: not gzip, though its name ends in .gz (rename or gzip it)')
  await rejectsWith(read('cut.csv.gz'), folder, 'cut.csv.gz: gzip data cut off (truncated file; fetch it again)')
  await rejectsWith(read('damaged.csv.gz'), folder, /^damaged\.csv\.gz: damaged gzip data \(.*; fetch it again\)$/)
})

test('an error in the middle of a file leaves nothing open and comes through as it is', async () => {
  const folder = madeFolder({ 'a.csv': 'one\ntwo\n' })
  const stop = () => {
    throw new RangeError('enough')
  }
  await assert.rejects(readLines(`${folder}/a.csv`, stop), RangeError)
})
