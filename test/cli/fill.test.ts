import assert from 'node:assert/strict'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { contentOf, scratchFolder, stowage } from './run-stowage.ts'

const folder = scratchFolder()
const at = (name: string) => join(folder, name)

/** A folder like Alibaba's with the machines with GPUs alone, and lists of the first five columns. */
const openb = at('openb')
mkdirSync(openb)
writeFileSync(join(openb, 'openb_node_list_gpu_node.csv'), 'sn,cpu_milli,memory_mib,gpu,model\na,9000,9000,2,T4\nb,9000,9000,2,P100\n')
const pods = (sizes: readonly number[]) =>
  `name,cpu_milli,memory_mib,num_gpu,gpu_milli\n${sizes.map((milli, i) => `pod-${i},100,100,1,${milli}\n`).join('')}`
writeFileSync(join(openb, 'openb_pod_list_default.csv'), pods([600, 600, 300]))
writeFileSync(at('elsewhere.csv'), pods([1000, 1000]))

test('a fill writes a row a percent of each run, its charts and its page, the same bytes on one thread and on two', async () => {
  const words = ['--packing', 'fgd,typical-fill,fgd:0.9+power:0.1', '--tie', 'seeded-order,random', '--seeds', '2']
  const [one, two] = await Promise.all(
    ['1', '2'].map((threads) => stowage('fill', openb, ...words, '--out', at(`out-${threads}`), '--processes', threads)),
  )
  assert.equal(one.code, 0, one.error)
  assert.match(one.out, /fgd:0\.9\+power:0\.1/)
  const files = contentOf(at('out-1'))
  assert.deepEqual(
    [...files.keys()],
    [
      'charts/allocation.svg',
      'charts/allocation.vl.json',
      'charts/fragmentation.svg',
      'charts/fragmentation.vl.json',
      'fill.csv',
      'report.html',
      'results.json',
    ],
  )
  assert.deepEqual(files, contentOf(at('out-2')))
  assert.equal(two.code, 0)
  const rows = (files.get('fill.csv') ?? '').trimEnd().split('\n')
  assert.equal(
    rows[0],
    'list,policy,tie,seed,arrived_percent,allocated_percent,fragmentation_ratio_percent,fragmentation_percent,failed_tasks',
  )
  assert.equal(rows.length, 1 + 3 * 2 * 2 * 131)
  assert.match(rows[1], /^default,fgd,seeded-order,1,0,0,/)
})

test('results on disk give the same page again, and no task of a fill is explained', async () => {
  await stowage('fill', openb, '--seeds', '1', '--packing', 'fgd', '--out', at('again'))
  const before = contentOf(at('again'))
  const { code, out } = await stowage('report', at('again'))
  assert.equal(code, 0)
  assert.match(out, /fgd allocates/)
  assert.deepEqual(contentOf(at('again')), before)
  const { error } = await stowage('explain', at('again'), 'pod-0/0')
  assert.match(error, /holds a fill/)
})

test('any list of tasks in the same columns can be named, several at once', async () => {
  const { out, code } = await stowage(
    'fill',
    openb,
    '--tasks',
    `${at('elsewhere.csv')},openb_pod_list_default`,
    '--packing',
    'gpu-packing',
    '--seeds',
    '1',
    '--out',
    at('lists'),
    '--format-out',
    'csv',
  )
  assert.equal(code, 0)
  assert.deepEqual(
    [
      ...new Set(
        out
          .trimEnd()
          .split('\n')
          .map((row) => row.split(',')[0]),
      ),
    ],
    ['list', 'elsewhere', 'default'],
  )
})

test('a cell without GPUs is filled by CPU, under general policies', async () => {
  const cell = at('cell')
  mkdirSync(cell)
  writeFileSync(join(cell, 'machines.csv'), 'id,cpu,memory\na,4,16\nb,8,16\n')
  writeFileSync(join(cell, 'tasks.csv'), 'job,cpu,memory,arrival_s,run_s\nx,2,4,0,60\ny,3,4,10,60\n')
  const { code, out } = await stowage('fill', cell, '--seeds', '1', '--out', at('cpu'))
  assert.equal(code, 0)
  assert.match(out, /best-fit/)
  assert.equal(contentOf(at('cpu')).has('charts/fragmentation.svg'), false)
  assert.match(readFileSync(at('cpu/fill.csv'), 'utf8'), /^cell,best-fit,seeded-order,1,0,[\d.]+,,,0$/m)
})

const refused: readonly (readonly [string, readonly string[], string])[] = [
  ['a share of nothing', ['--to', '0%'], '--to: not a number above 0: 0'],
  ['a share beyond reason', ['--to', '99999%'], '--to: above 10000%: 99999%'],
  ['an unknown tie-break', ['--tie', 'first'], '--tie: unknown: first (have lowest-id, seeded-order, random, heap)'],
  ['an unknown resource', ['--resource', 'disk'], '--resource: unknown: disk (have cpu, memory, gpu)'],
  ['an unknown policy', ['--packing', 'fgdd'], 'unknown packing policy: fgdd. Did you mean fgd?'],
  ['a list that is not there', ['--tasks', 'cpu999'], 'cpu999.csv: no such file'],
  ['a step that is no number', ['--score-step', 'x'], '--score-step: not a number from 0: x'],
]
for (const [what, words, message] of refused) {
  test(`${what} is refused in one line`, async () => {
    const { code, out, error } = await stowage('fill', openb, '--out', at('none'), ...words)
    assert.equal(code, 2)
    assert.equal(out, '')
    assert.match(error, /^stowage: .+\n$/)
    assert.ok(error.includes(message), error)
  })
}

test('a list may have any name, and the folder need hold no list at all', async () => {
  const bare = at('bare')
  mkdirSync(bare)
  writeFileSync(join(bare, 'openb_node_list_gpu_node.csv'), 'sn,cpu_milli,memory_mib,gpu,model\na,9000,9000,2,T4\n')
  writeFileSync(at('unseen.txt'), pods([500, 500]))
  const { code, error } = await stowage(
    'fill',
    bare,
    '--tasks',
    at('unseen.txt'),
    '--packing',
    'fgd',
    '--seeds',
    '1',
    '--out',
    at('bare-out'),
  )
  assert.equal(code, 0, error)
})
