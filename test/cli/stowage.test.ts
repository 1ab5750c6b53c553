import assert from 'node:assert/strict'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { admissionPolicies, overcommitPolicies, packingPolicies } from '../../policies/index.ts'
import type { ParameterTable } from '../../sim/index.ts'
import { contentOf, type Ended, scratchFolder, stowage } from './run-stowage.ts'

const folder = scratchFolder()
const at = (name: string) => join(folder, name)

/** On best-fit, x goes to a and y to b; z waits for y's end at 70 s; w is still waiting for z when the window closes. */
const cell = at('cell')
mkdirSync(cell)
writeFileSync(join(cell, 'machines.csv'), 'id,cpu,memory\na,4,16\nb,8,16\n')
writeFileSync(join(cell, 'tasks.csv'), 'job,cpu,memory,arrival_s,run_s\nx,2,4,0,60\ny,8,8,10,60\nz,8,8,20,60\nw,8,4,80,60\n')
writeFileSync(join(cell, 'trace.json'), '{ "end_s": 100 }')

const compareCell = (out: string, ...words: readonly string[]) =>
  stowage('compare', cell, '--packing', 'best-fit,random', '--seeds', '2', '--out', at(out), ...words)

interface Described {
  readonly sentence: string
  readonly parameters?: ParameterTable
}

function isRefused({ code, out, error }: Ended, ...parts: readonly (string | RegExp)[]): void {
  assert.equal(code, 2, error)
  assert.equal(out, '')
  assert.match(error, /^stowage: .+\n(\(Did you mean .+\?\)\n)?$/)
  for (const part of parts) {
    if (typeof part === 'string') assert.ok(error.includes(part), error)
    else assert.match(error, part)
  }
}

test('a name that does not exist is refused, and a near one suggested', async () => {
  const [policy, command] = await Promise.all([stowage('compare', cell, '--packing', 'best-fitt', '--out', at('none')), stowage('comapre')])
  isRefused(policy, 'unknown packing policy: best-fitt. Did you mean best-fit?')
  isRefused(command, "unknown command 'comapre'", 'Did you mean compare?')
})

test('a trace that cannot be read is refused by its path', async () => {
  for (const name of ['empty', 'plain']) mkdirSync(at(name))
  writeFileSync(at('empty/machines.csv'), '')
  writeFileSync(at('empty/tasks.csv'), 'job,cpu,memory,arrival_s\n')
  writeFileSync(at('plain/machines.csv.gz'), 'id,cpu,memory\na,4,16\n')
  writeFileSync(at('plain/tasks.csv.gz'), gzipSync('job,cpu,memory,arrival_s\nx,1,1,0\n'))
  const out = ['--out', at('none')]
  const [missing, empty] = await Promise.all([stowage('compare', at('nowhere'), ...out), stowage('simulate', at('empty'), ...out)])
  isRefused(missing, at('nowhere'))
  isRefused(empty, at('empty/machines.csv'), 'empty')
  isRefused(await stowage('simulate', at('plain'), ...out), at('plain/machines.csv.gz'), 'not gzip')
})

test('an output folder that cannot be made is found before anything runs', async () => {
  writeFileSync(at('in-the-way'), 'mine')
  isRefused(await compareCell('in-the-way', '--seeds', '9999'), at('in-the-way'), 'a file is in the way')
  assert.equal(readFileSync(at('in-the-way'), 'utf8'), 'mine')
})

test('policies lists every policy with its sentence and parameters', async () => {
  const { code, out } = await stowage('policies')
  assert.equal(code, 0)
  const registries: readonly Readonly<Record<string, Described>>[] = [packingPolicies, admissionPolicies, overcommitPolicies]
  for (const [name, { sentence, parameters = {} }] of registries.flatMap((registry) => Object.entries(registry))) {
    assert.ok(out.includes(`  ${name}  ${sentence}\n`), name)
    for (const [key, { default: value, meaning }] of Object.entries(parameters)) {
      assert.ok(out.includes(`      ${key}=${value}  ${meaning}\n`), `${name}:${key}`)
    }
  }
})

/** The same files with the same bytes, save how long it took. */
function isSame(found: ReadonlyMap<string, string>, expected: ReadonlyMap<string, string>): void {
  assert.deepEqual([...found.keys()], [...expected.keys()])
  const other = [...found].filter(([name, content]) => name !== 'timing.json' && content !== expected.get(name))
  assert.deepEqual(
    other.map(([name]) => name),
    [],
  )
}

/** One comparison of the made cell, for the tests that look at what it left. */
const compared = compareCell('compared', '--processes', '1')

test('compare prints a table and writes summary, results, report and charts', async () => {
  const { code, out, error } = await compared
  assert.equal(code, 0, error)
  assert.match(out, /best-fit/)
  assert.ok(out.includes(at('compared/report.html')))
  const files = contentOf(at('compared'))
  const [header, ...rows] = (files.get('summary.csv') ?? '').trim().split('\n')
  assert.ok(
    header.startsWith(
      'trace,admission,packing,overcommit,tie,preemption,seed,machines,tasks,placed,never_placeable,evictions,machines_needed,' +
        'wait_mean_s,wait_p50_s,wait_p99_s,cpu_allocated_mean,memory_allocated_mean,gpu_allocated_mean',
    ),
    header,
  )
  // Allocated of 12 CPUs: 2 for 60 s, 8 for 60 s and 8 for 30 s; z waited 50 s, x and y not at all.
  assert.ok(rows[0].startsWith('cell,admit-all,best-fit,none,lowest-id,none,1,2,4,3,0,0,'), rows[0])
  assert.equal(rows.length, 4)
  const results = JSON.parse(files.get('results.json') ?? '')
  assert.deepEqual(
    [results.command, results.trace.name, results.rows.length, results.rows[0].result.utilisation.cpu.allocated],
    ['compare', 'cell', 4, (2 * 60 + 8 * 60 + 8 * 30) / (12 * 100)],
  )
  assert.equal(results.rows[0].result.wait.all.mean, 50 / 3)
  assert.match(files.get('report.html') ?? '', /^<!doctype html>/i)
  for (const name of ['utilisation', 'packing']) {
    assert.ok(files.has(`charts/${name}.vl.json`))
    assert.match(files.get(`charts/${name}.svg`) ?? '', /^<svg/)
  }
})

test('the same seed gives the same bytes in every file but timing.json, on two processes as on one; --format-out says what is printed', async () => {
  const [, json] = await Promise.all([compared, compareCell('again', '--processes', '2', '--format-out', 'json')])
  const again = contentOf(at('again'))
  isSame(contentOf(at('compared')), again)
  assert.deepEqual(JSON.parse(json.out), JSON.parse(again.get('results.json') ?? ''))
})

test('report makes the same report again from the results alone', async () => {
  await compared
  const before = contentOf(at('compared'))
  for (const name of ['report.html', 'summary.csv', 'charts']) rmSync(at(`compared/${name}`), { recursive: true })
  assert.equal((await stowage('report', at('compared'))).code, 0)
  isSame(contentOf(at('compared')), before)
})

test('explain tells where a task went and why, and what a waiting one is short of', async () => {
  await compared
  const [placed, waiting] = await Promise.all([stowage('explain', at('compared'), 'x/0'), stowage('explain', at('compared'), 'w/0')])
  assert.deepEqual(placed.out.trim().split('\n'), [
    'x/0, run row 0: batch tier, priority 0, asks for cpu 2, memory 4',
    '0:00:00  arrives',
    '0:00:00  2 of 2 machines have room',
    '0:00:00  best: a (score -1.25), b (score -1.5)',
    '0:00:00  goes to a',
    '0:01:00  ends: finish',
  ])
  assert.deepEqual(waiting.out.trim().split('\n'), [
    'w/0, run row 3: batch tier, priority 0, asks for cpu 8, memory 4',
    '0:01:20  arrives',
    '0:01:20  waits: no machine has room; short: cpu on 2 of 2',
    '0:01:40  still waits as the window closes; short: cpu on 2 of 2',
  ])
})

test('explain refuses a task, a run or a folder that is not there', async () => {
  await compared
  const [task, run] = await Promise.all([
    stowage('explain', at('compared'), 'nobody/7'),
    stowage('explain', at('compared'), 'x/0', '--packing', 'worst-fit'),
  ])
  isRefused(task, at('compared'), 'no such task: nobody/7')
  isRefused(run, 'no such run: worst-fit (have packing best-fit, random; seeds 1, 2)')
  isRefused(await stowage('explain', at('nowhere'), 'x/0'), 'no results in', at('nowhere'))
})

test('simulate writes every event on request, and nothing to the terminal where that is asked', async () => {
  const { code, out, error } = await stowage('simulate', cell, '--event-log', '--quiet', '--out', at('simulated'))
  assert.deepEqual([code, out, error], [0, '', ''])
  assert.deepEqual(readFileSync(at('simulated/events.csv'), 'utf8').trim().split('\n'), [
    'time_s,event,task,run,machine,detail',
    '0,arrive,x/0,0,,',
    '0,place,x/0,0,a,',
    '10,arrive,y/0,1,,',
    '10,place,y/0,1,b,',
    '20,arrive,z/0,2,,',
    '20,wait,z/0,2,,',
    '60,end,x/0,0,a,finish',
    '70,end,y/0,1,b,finish',
    '70,place,z/0,2,b,',
    '80,arrive,w/0,3,,',
    '80,wait,w/0,3,,',
  ])
})

test('what generate writes, compare reads; --format-out csv prints the summary', async () => {
  const generated = await stowage('generate', 'openb', '--machines', '5', '--days', '0.05', '--out', at('generated'))
  assert.deepEqual([generated.code, generated.error], [0, ''])
  const words = ['--packing', 'first-fit', '--seeds', '1', '--no-machines-needed', '--format-out', 'csv', '--out', at('of-generated')]
  const { code, out, error } = await stowage('compare', at('generated'), ...words)
  assert.equal(code, 0, error)
  assert.equal(out, readFileSync(at('of-generated/summary.csv'), 'utf8'))
  assert.match(out, /\ngenerated,admit-all,first-fit,none,lowest-id,none,1,5,/)
})

test('what import stores, every command reads: the same bytes but for the path, and an import that fails leaves what was there', async () => {
  const imported = await stowage('import', cell, '--out', at('stored/cell.trace'))
  assert.deepEqual(
    [imported.code, imported.error, imported.out.replace(/\d+ bytes/, 'N bytes')],
    [0, '', `${at('stored/cell.trace')}: csv, 2 machines, 4 tasks, 4 runs; N bytes\n`],
  )
  const [plain, stored] = await Promise.all(
    [cell, at('stored/cell.trace')].map((trace, i) =>
      stowage('compare', trace, '--packing', 'best-fit', '--seeds', '1', '--out', at(`of-${i}`), '--format-out', 'csv'),
    ),
  )
  assert.deepEqual([stored.code, stored.out], [0, plain.out])
  const before = readFileSync(at('stored/cell.trace'))
  isRefused(await stowage('import', at('nowhere'), '--out', at('stored/cell.trace')), at('nowhere'), 'no such file or folder')
  assert.deepEqual(readFileSync(at('stored/cell.trace')), before)
  writeFileSync(at('stored/cell.trace'), before.subarray(0, 200))
  isRefused(await stowage('simulate', at('stored/cell.trace'), '--out', at('none')), at('stored/cell.trace'), /damaged|cut off/)
  isRefused(await stowage('import', cell, '--machines', '5', '--out', at('none')), '--machines', '--shape')
})
