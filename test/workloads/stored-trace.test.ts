import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { test } from 'node:test'
import fc from 'fast-check'
import { InputError, type Trace } from '../../sim/index.ts'
import { generateTrace, openTrace } from '../../workloads/index.ts'
import { loadStored, storeTrace } from '../../workloads/stored-trace.ts'
import { madeFolder } from './made-folder.ts'
import { madeRuns, madeTrace } from './made-trace.ts'
import { realTrace } from './real-trace.ts'
import { rejectsWith } from './rejects-with.ts'

const folder = madeFolder({ trace: '' })
const file = `${folder}/trace`

async function throughDisk(trace: Trace): Promise<Trace> {
  writeFileSync(file, storeTrace(trace))
  return loadStored(file)
}

const small = () =>
  madeTrace([
    { job: 0, index: 0, cpu: 5, devices: 1, spread: true, models: ['V100'], tier: 2, arrival: 7, runTime: 9, end: 'kill', preplaced: 1 },
    {
      job: 0,
      index: 0,
      cpu: 5,
      devices: 0,
      spread: false,
      models: [],
      tier: 0,
      arrival: 8,
      runTime: Number.NaN,
      end: 'none',
      preplaced: null,
    },
  ])

test('what is stored and loaded is the same trace, column by column and word by word', async () => {
  await fc.assert(
    fc.asyncProperty(madeRuns, async (runs) => {
      const trace = madeTrace(runs)
      assert.deepStrictEqual(await throughDisk(trace), trace)
    }),
    { numRuns: 40 },
  )
  const generated = generateTrace('openb', { machines: 20, days: 0.1, seed: 1 })
  assert.deepStrictEqual(await throughDisk(generated), generated)
})

for (const [name, path] of [
  ['google-2011', ''],
  ['alibaba-gpu-v2023', ''],
  ['philly', ''],
  ['pwa-swf', '/NASA-iPSC-1993-3.1-cln.swf.gz'],
] as const) {
  const real = realTrace(name)
  test(`the public ${name} comes back as its own loader made it`, { skip: real.skip }, async () => {
    const trace = await openTrace(`${real.path}${path}`)
    assert.deepStrictEqual(await throughDisk(trace), trace)
  })
}

test('it is recognised by its first bytes, whatever its name, and keeps the format that it came from', async () => {
  writeFileSync(`${folder}/anything.swf`, storeTrace(small()))
  for (const options of [{}, { format: 'stored' }]) {
    const { format, name } = await openTrace(`${folder}/anything.swf`, options)
    assert.deepEqual([format, name], ['made', 'made'])
  }
})

test('the same trace gives the same bytes', () => {
  assert.deepEqual(storeTrace(small()), storeTrace(small()))
})

test('whatever byte is changed, the trace is refused or is the same', async () => {
  const trace = small()
  const bytes = storeTrace(trace)
  let refused = 0
  await fc.assert(
    fc.asyncProperty(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), async (at, flip) => {
      const changed = Buffer.from(bytes)
      changed[at] ^= flip
      writeFileSync(file, changed)
      const loaded = await loadStored(file).catch((error) => {
        assert.ok(error instanceof InputError, `${at} ^ ${flip}: ${error}`)
        refused++
        return trace
      })
      assert.deepStrictEqual(loaded, trace)
    }),
    { numRuns: 500 },
  )
  assert.ok(refused > 400, `${refused} of 500 refused`)
})

test('wherever the file is cut off, it is refused', async () => {
  const bytes = storeTrace(small())
  for (let length = 1; length < bytes.length; length += 7) {
    writeFileSync(file, bytes.subarray(0, length))
    await assert.rejects(loadStored(file), InputError, `${length} of ${bytes.length}`)
  }
})

test('another form, a newer version, or more than a trace says what would do', async () => {
  const bytes = storeTrace(small())
  const refuses = async (content: Uint8Array | string, message: string | RegExp) => {
    writeFileSync(file, content)
    await rejectsWith(loadStored(file), folder, message)
  }
  await refuses('job,cpu\n', 'trace: not a trace that stowage import wrote, or damaged at its first line')
  const newer = Buffer.concat([Buffer.from('stowage-trace 2 10\n'), bytes])
  await refuses(newer, 'trace: stored in version 2, and this stowage reads version 1 (import the trace again)')
  await refuses(Buffer.concat([bytes, Buffer.from('more')]), 'trace: 4 bytes after its end (import the trace again)')
  await refuses(bytes.subarray(0, bytes.length - 1), /^trace: cut off at byte \d+ \(import the trace again\)$/)
  await rejectsWith(loadStored(folder), folder, '.: a folder where a file was expected')
  await rejectsWith(loadStored(`${folder}/missing`), folder, 'missing: no such file or folder')
  assert.equal(readFileSync(file).length, bytes.length - 1)
})
