import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { readResults } from '../../reports/read-results.ts'
import { writeReport } from '../../reports/write-report.ts'
import { writeWhole } from '../../reports/write-whole.ts'
import { InputError } from '../../sim/index.ts'
import { fixture } from './fixture.ts'

const folder = mkdtempSync(join(tmpdir(), 'stowage-report-'))
after(() => rmSync(folder, { recursive: true, force: true }))

const inputError = (message: RegExp) => (error: unknown) => error instanceof InputError && message.test(error.message)

test('a report is a table, the results, a page and the charts, and the results read back', async () => {
  const out = join(folder, 'a', 'b')
  await writeReport(fixture(), out)
  assert.deepEqual(readdirSync(out).sort(), ['charts', 'report.html', 'results.json', 'summary.csv'])
  assert.equal(readdirSync(join(out, 'charts')).length, 14)
  assert.deepEqual(await readResults(out), fixture())
})

test('the same comparison writes the same bytes, and leaves no chart of an earlier one', async () => {
  const [one, two] = [join(folder, 'one'), join(folder, 'two')]
  await writeReport(fixture(), one)
  await writeReport(fixture({ withMachinesNeeded: false }), one)
  assert.ok(!readdirSync(join(one, 'charts')).includes('machines-needed.svg'))
  await writeReport(fixture(), one)
  await writeReport(fixture(), two)
  for (const name of readdirSync(one, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())) {
    const path = join(name.parentPath, name.name)
    assert.deepEqual(readFileSync(path), readFileSync(path.replace(one, two)), name.name)
  }
})

test('a file where the folder should be is reported with its path and a way out', async () => {
  const file = join(folder, 'in-the-way')
  writeFileSync(file, 'mine')
  await assert.rejects(writeReport(fixture(), file), inputError(/in-the-way.*: a file is in the way: choose another folder/))
  await assert.rejects(writeReport(fixture(), join(file, 'below')), inputError(/a file is in the way/))
  assert.equal(readFileSync(file, 'utf8'), 'mine')
})

test('a full disk leaves the old file whole and nothing half-written', async (t) => {
  const disk = join(folder, 'small-disk')
  await writeWhole(join(folder, 'x'), '')
  execFileSync('mkdir', [disk])
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', disk], { stdio: 'pipe' })
  } catch {
    t.skip('SKIPPED: mounting a 64 KiB disk needs root')
    return
  }
  try {
    await writeWhole(join(disk, 'results.json'), 'old')
    await assert.rejects(
      writeWhole(join(disk, 'results.json'), Buffer.alloc(200_000)),
      inputError(/results\.json: the disk is full: make room or choose another folder/),
    )
    assert.deepEqual(readdirSync(disk), ['results.json'])
    assert.equal(readFileSync(join(disk, 'results.json'), 'utf8'), 'old')
    await assert.rejects(writeReport(fixture(), join(disk, 'out')), inputError(/the disk is full/))
    assert.deepEqual(
      readdirSync(join(disk, 'out'), { recursive: true }).filter((name) => String(name).endsWith('.part')),
      [],
    )
  } finally {
    execFileSync('umount', [disk])
  }
})

test('results that are missing, cut short or not ours are named with what would do', async () => {
  await assert.rejects(readResults(join(folder, 'nowhere')), inputError(/no results in .*nowhere: give the folder/))
  const file = join(folder, 'results.json')
  writeFileSync(file, JSON.stringify(fixture()).slice(0, 1000))
  await assert.rejects(readResults(file), inputError(/results\.json: not whole JSON \(1000 characters\)/))
  writeFileSync(file, '{"name":"something else"}')
  await assert.rejects(readResults(file), inputError(/not the results of a stowage run: stowage/))
})

test('a number that JSON cannot hold is our mistake and is not written', async () => {
  const { trace, ...rest } = fixture()
  const out = join(folder, 'not-a-number')
  await assert.rejects(writeReport({ ...rest, trace: { ...trace, windowSeconds: Number.NaN } }, out), /windowSeconds: NaN/)
  assert.ok(!readdirSync(folder).includes('not-a-number'))
})
