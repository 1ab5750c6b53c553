import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { hottest } from '../../bench/hottest.ts'
import { placements, type WITHOUT } from '../../bench/placements.ts'
import { replay } from '../../bench/replay.ts'
import { spreadOf } from '../../bench/spread.ts'
import { drawVms, vmCell } from '../../bench/vm-cell.ts'
import { madeFolder } from '../workloads/made-folder.ts'

const BENCH = fileURLToPath(new URL('../../bench/bench.ts', import.meta.url))

function bench(...words: readonly string[]): Promise<{ readonly code: number; readonly out: string; readonly error: string }> {
  return new Promise((done) => {
    const child = execFile(process.execPath, [BENCH, ...words], (_, out, error) => done({ code: child.exitCode ?? -1, out, error }))
  })
}

test('hosts and VMs have the shape of DSLab’s benchmark, and every kind of VM is drawn about equally often', () => {
  const trace = vmCell(3)
  assert.deepEqual(
    trace.machines.capacity.map((column) => [...column]),
    [
      [144, 144, 144],
      [204_800, 204_800, 204_800],
    ],
  )
  const kinds = Array.from({ length: trace.classes.count }, (_, kind) => trace.classes.request.map((column) => column[kind]).join())
  assert.deepEqual(new Set(kinds), new Set([1, 2, 4, 8].flatMap((cores) => [512, 1024, 2048].map((memory) => `${cores},${memory}`))))
  const drawn = drawVms(trace, 12_000, 1)
  for (const [kind] of kinds.entries()) {
    const count = drawn.filter((one) => one === kind).length
    assert.ok(count > 850 && count < 1150, `kind ${kind}: ${count} of 12,000`)
  }
})

test('churn places half of the VMs anew in every round', () => {
  const options = { hosts: 20, vmsPerHost: 3, packing: 'best-fit', seed: 1 }
  assert.equal(placements({ ...options, churn: 0 }).count, 60)
  assert.equal(placements({ ...options, churn: 5 }).count, 60 + 5 * 30)
})

test('whatever the allocator does without, all VMs are placed: a scan looks at every host, the rest at few', () => {
  const options = { hosts: 200, vmsPerHost: 8, churn: 2, packing: 'best-fit', seed: 1 }
  const examined = (without?: (typeof WITHOUT)[number]) => placements({ ...options, without }).more?.examined ?? Number.NaN
  const all = examined()
  assert.equal(examined('indexes'), 200)
  for (const trick of ['order', 'lists'] as const) assert.ok(examined(trick) > 1.5 * all, `${trick}: ${examined(trick)}, with it ${all}`)
  assert.ok(examined('unsettled') < all, 'who sorts in at once looks at none of those that have just changed')
})

test('GPU tasks are placed on machines like openb’s, or counted as having found no room', () => {
  const { count, more } = placements({ cell: 'openb', hosts: 20, vmsPerHost: 30, churn: 1, packing: 'gpu-packing', seed: 1 })
  assert.equal(count, 600 + 300)
  assert.ok(more && more.placed > 0.1 && more.placed < 0.9, `${more?.placed}`)
})

test('a replay like CloudSim Plus’s places every VM and cloudlet, and they end', async () => {
  const options = { machines: 1, days: 1, hosts: 20, vms: 40, cloudlets: 50, packing: 'worst-fit', preemption: 'none', seed: 1 } as const
  const { count, more } = await replay(options)
  assert.equal(more?.placed, 90)
  // The opening, an arrival, a decision and an end of each.
  assert.equal(count, 1 + 3 * 90)
})

test('the spread of an even number of runs has the mean of the two in the middle', () => {
  assert.deepEqual(spreadOf([4, 1, 3, 2]), { median: 2.5, least: 1, most: 4 })
  assert.deepEqual(spreadOf([3, 1, 2]), { median: 2, least: 1, most: 3 })
})

for (const [words, rate] of [
  [['placements', '--hosts', '20', '--churn', '2'], 'placements_per_second'],
  [['replay', '--hosts', '20'], 'events_per_second'],
  [['queue', '--pending', '10', '--events', '100'], 'events_per_second'],
] as const) {
  test(`${words[0]} prints rate, time and memory as JSON, with their spread over the runs`, async () => {
    const { code, out, error } = await bench(...words, '--runs', '2', '--json')
    assert.equal(code, 0, error)
    const json = JSON.parse(out)
    assert.deepEqual([json.benchmark, json.runs, json.samples.length], [words[0], 2, 2])
    for (const figure of [rate, 'seconds', 'peak_memory_bytes']) {
      const { median, least, most } = json.spread[figure]
      assert.ok(least > 0 && least <= median && median <= most, figure)
      assert.equal(json[figure], median)
    }
  })
}

test('a profile is written where it is asked for', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'stowage-test-'))
  try {
    const { code, out, error } = await bench('placements', '--hosts', '20', '--profile', folder)
    assert.equal(code, 0, error)
    assert.ok(out.endsWith(`${join(folder, 'placements.cpuprofile')}\n`), out)
    assert.ok(JSON.parse(readFileSync(join(folder, 'placements.cpuprofile'), 'utf8')).samples.length > 0)
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test('the functions of a profile are told by the time of their own, wherever they were called from', () => {
  const url = new URL('../../sim/cell.ts', import.meta.url).href
  const nodes = [
    { id: 1, callFrame: { functionName: 'place', url, lineNumber: 9 } },
    { id: 2, callFrame: { functionName: '(garbage collector)', url: '', lineNumber: -1 } },
    { id: 3, callFrame: { functionName: 'place', url, lineNumber: 9 } },
  ]
  const folder = madeFolder({ made: JSON.stringify({ nodes, samples: [1, 2, 3, 2], timeDeltas: [4000, 2000, 3000, 1000] }) })
  const rows = hottest(`${folder}/made`)
    .split('\n')
    .filter((line) => line.includes('%'))
    .map((line) => line.split('│').map((cell) => cell.trim()))
  assert.deepEqual(rows, [
    ['', 'place sim/cell.ts:10', '7', '70.0 %', ''],
    ['', '(garbage collector)', '3', '30.0 %', ''],
  ])
})

test('a flag that is wrong is refused in one line, with 2', async () => {
  const refused: readonly (readonly [readonly string[], string])[] = [
    [['placements', '--hosts', 'many'], "bench: option '--hosts <n>' argument 'many' is invalid. (a whole number from 1 would do)\n"],
    [['placements', '--hots', '5'], "bench: unknown option '--hots'\n(Did you mean --hosts?)\n"],
    [['queue', '--runs', '0'], "bench: option '--runs <n>' argument '0' is invalid. (a whole number from 1 would do)\n"],
    [['read', '--path', '/nowhere', '--table', 'trace', '--runs', '1'], 'bench: /nowhere: no such file or folder\n'],
  ]
  const ended = await Promise.all(refused.map(([words]) => bench(...words)))
  for (const [i, [, message]] of refused.entries()) {
    assert.deepEqual([ended[i].code, ended[i].out, ended[i].error], [2, '', message])
  }
  const unknown = await bench('placements', '--packing', 'best-fitt')
  assert.equal(unknown.code, 2)
  assert.match(
    unknown.error,
    /^bench: option '--packing <policy>' argument 'best-fitt' is invalid\. unknown packing policy: best-fitt\. Did you mean best-fit\?.*\n$/,
  )
})
