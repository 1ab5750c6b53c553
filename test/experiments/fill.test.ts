import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { fillOrder } from '../../experiments/fill-order.ts'
import { fill, fillCell, fillContrasts } from '../../experiments/index.ts'
import { packingPolicies } from '../../policies/index.ts'
import type { TIES, Trace } from '../../sim/index.ts'
import { loadAlibabaGpu2023 } from '../../workloads/index.ts'
import { type SmallMachine, type SmallTask, smallTrace } from '../sim/small-trace.ts'
import { realTrace } from '../workloads/real-trace.ts'
import { plainFill } from './plain-fill.ts'

const machine: SmallMachine = { cpu: 20, memory: 20, devices: 2 }
const share = (milli: number): SmallTask => ({ cpu: 1, memory: 1, devices: 1, milli })
const cellOf = (machines: number, tasks: readonly SmallTask[]): Trace => smallTrace({ machines: Array(machines).fill(machine), tasks })
const GPU = 2
const OPTIONS = { packing: 'fgd', tie: 'lowest-id', scoreStep: 1, seed: 1, resource: 'gpu', to: 1.3 } as const
const askedFor = (trace: Trace, order: Iterable<number>) => [...order].reduce((sum, c) => sum + trace.classes.request[GPU][c], 0)

test('all tasks come once, shuffled by seed, then clones until the next draw would pass the target', () => {
  const sizes = [100, 200, 300, 400, 500]
  const trace = cellOf(2, sizes.map(share))
  const order = [...fillOrder(trace, GPU, 5200, 1)]
  assert.deepEqual(order.slice(0, 5).sort(), [0, 1, 2, 3, 4])
  assert.ok(askedFor(trace, order) <= 5200 && askedFor(trace, order) > 5200 - 500)
  assert.deepEqual(order, [...fillOrder(trace, GPU, 5200, 1)])
  assert.notDeepEqual(order, [...fillOrder(trace, GPU, 5200, 2)])
})

test('a draw is held against the target by its request on one device, as in the artifact', () => {
  const trace = cellOf(2, [{ cpu: 1, memory: 1, devices: 2, milli: 1000 }])
  // 2000 + 2000 is asked for: one more thousand is allowed, and two come.
  assert.equal(askedFor(trace, fillOrder(trace, GPU, 5000, 1)), 6000)
})

test('a list that asks for more than the target loses tasks until it does not', () => {
  const trace = cellOf(
    1,
    Array.from({ length: 50 }, () => share(100)),
  )
  // Nothing is drawn after, since any draw would pass the target.
  assert.equal(fillOrder(trace, GPU, 2550, 1).length, 25)
})

test('what was asked for, allocated and found no room is counted by percent', () => {
  // One machine of two devices, tasks of 600: two have room, the others none.
  const curve = fillCell(cellOf(1, [share(600), share(600), share(600), share(600)]), { ...OPTIONS, to: 1.2 })
  assert.equal(curve.allocated.length, 121)
  assert.deepEqual(
    [0, 29, 30, 59, 60, 90, 120].map((percent) => curve.allocated[percent]),
    [0, 0, 30, 30, 60, 60, 60],
  )
  assert.deepEqual(
    [0, 60, 90, 120].map((percent) => curve.failed[percent]),
    [0, 0, 1, 2],
  )
  // 800 of 2000 are free and fit nobody, as the one kind of task asks for 600: on the way, the 400 beside an idle device do not.
  assert.deepEqual(
    [30, 60].map((percent) => curve.fragmentation[percent]),
    [20, 40],
  )
  assert.equal(curve.fragmentationRatio[60], 100)
  assert.ok(Math.abs(curve.fragmentationRatio[30] - 100 * (400 / 1400)) < 1e-9)
  for (const [percent, sum] of curve.fragmentation.entries())
    assert.ok(Math.abs(sum - curve.byCause.reduce((total, cause) => total + cause[percent], 0)) < 1e-9)
})

test('a cell without GPUs is filled by its CPU', () => {
  const trace = smallTrace({ machines: [{ cpu: 10, memory: 10 }], tasks: Array.from({ length: 4 }, () => ({ cpu: 4, memory: 1 })) })
  const curve = fillCell(trace, { ...OPTIONS, packing: 'best-fit', resource: 'cpu', to: 1.6 })
  assert.deepEqual(
    [40, 80, 120, 160].map((percent) => [curve.allocated[percent], curve.failed[percent]]),
    [
      [40, 0],
      [80, 0],
      [80, 1],
      [80, 2],
    ],
  )
  assert.deepEqual(curve.fragmentation, [])
})

const kinds = fc.array(
  fc.record({
    cpu: fc.integer({ min: 0, max: 8 }),
    memory: fc.integer({ min: 0, max: 4 }),
    devices: fc.constantFrom(0, 1, 1, 1, 2, 4),
    milli: fc.integer({ min: 1, max: 9 }).map((tenths) => tenths * 100),
    models: fc.constantFrom([], [], ['A'], ['A', 'B']),
    tasks: fc.integer({ min: 1, max: 6 }),
  }),
  { minLength: 1, maxLength: 8 },
)
const machines = fc.array(
  fc.record({
    cpu: fc.integer({ min: 4, max: 40 }),
    memory: fc.integer({ min: 4, max: 40 }),
    devices: fc.integer({ min: 1, max: 4 }),
    model: fc.constantFrom('A', 'B'),
  }),
  { minLength: 1, maxLength: 6 },
)

test('fgd fills any cell as a plain reading of the paper does, task by task', () => {
  fc.assert(
    fc.property(machines, kinds, (cell, mix) => {
      const tasks = mix.flatMap(({ tasks, ...kind }) =>
        Array.from({ length: tasks }, (): SmallTask => ({ ...kind, milli: kind.devices > 1 ? 1000 : kind.milli })),
      )
      const trace = smallTrace({ machines: cell, tasks })
      const gpu = trace.classes.request[GPU]
      fc.pre(gpu.some((amount) => amount > 0))
      const whole = trace.machines.capacity[GPU].reduce((sum, one) => sum + one, 0)
      const order = [...fillOrder(trace, GPU, 1.3 * whole, 1)]
      const { placed, unusable } = plainFill(trace, order)
      const curve = fillCell(trace, OPTIONS)
      const last = Math.min(130, Math.round((100 * askedFor(trace, order)) / whole))
      assert.equal(curve.failed[last], placed.filter((m) => m < 0).length)
      const used = order.reduce((sum, c, i) => sum + (placed[i] < 0 ? 0 : gpu[c]), 0)
      // A percent holds the mean of its reports: with only one in it, the end itself.
      if (order.length > 1 && Math.round((100 * askedFor(trace, order.slice(0, -1))) / whole) < last) {
        assert.ok(Math.abs(curve.allocated[last] - (100 * used) / whole) < 1e-9)
        assert.ok(Math.abs(curve.fragmentation[last] - (100 * unusable) / whole) < 1e-9)
      }
    }),
    { numRuns: 200, seed: 1 },
  )
})

test('runs are given in the order of lists, policies, ties and seeds, whatever the number of threads', async () => {
  const lists = [
    { name: 'small', trace: cellOf(2, [share(300), share(500)]) },
    { name: 'large', trace: cellOf(2, [share(700), share(900)]) },
  ]
  const plan = {
    lists,
    packing: ['fgd', 'gpu-packing'],
    ties: ['lowest-id', 'random'] as const,
    seeds: [1, 2],
    scoreStep: 1,
    resource: 'gpu',
    to: 1.3,
  }
  const [one, two] = await Promise.all([fill(plan, { processes: 1 }), fill(plan, { processes: 2 })])
  assert.deepEqual(one, two)
  assert.equal(one.length, 16)
  assert.deepEqual(
    [one[0], one[1], one[2], one[4], one[8]].map(({ list, packing, tie, seed }) => `${list} ${packing} ${tie} ${seed}`),
    ['small fgd lowest-id 1', 'small fgd lowest-id 2', 'small fgd random 1', 'small gpu-packing lowest-id 1', 'large fgd lowest-id 1'],
  )
  const contrasts = fillContrasts(plan, one, [100, 130])
  assert.equal(contrasts.length, 8)
  for (const { difference } of contrasts) assert.ok(difference >= 0)
})

const { path, skip } = realTrace('alibaba-gpu-v2023')
const published: readonly (readonly [string, (typeof TIES)[number], number, number])[] = [
  // Table of Weng et al., default list, 100 and 130 % arrived; the last as a re-implementation measured it.
  ['fgd', 'seeded-order', 95.23, 95.39],
  ['fgd-best-fit', 'seeded-order', 92.86, 93.08],
  ['fgd-dot-product', 'seeded-order', 90.62, 90.85],
  ['gpu-packing', 'seeded-order', 91.78, 92.0],
  ['gpu-clustering', 'seeded-order', 91.65, 91.88],
  ['fgd-random', 'seeded-order', 86.3, 87.47],
  ['fgd', 'random', 89.8, Number.NaN],
]

test('the published table is met on the default list', { skip }, async () => {
  const trace = await loadAlibabaGpu2023(path, { withGpuOnly: true })
  assert.equal(trace.machines.count, 1213)
  for (const [packing, tie, at100, at130] of published) {
    const curves = [42, 43].map((seed) => fillCell(trace, { ...OPTIONS, packing, tie, seed }))
    const mean = (percent: number) => (curves[0].allocated[percent] + curves[1].allocated[percent]) / 2
    // Two seeds instead of ten: twice the 0.6 points that ten must keep to.
    assert.ok(Math.abs(mean(100) - at100) < 1.2, `${packing}, ${tie}: ${mean(100)} and not ${at100}`)
    if (!Number.isNaN(at130)) assert.ok(Math.abs(mean(130) - at130) < 1.2, `${packing}, ${tie}: ${mean(130)} and not ${at130}`)
  }
})

test('typical-fill allocates more than fgd, and does not need the ties', { skip }, async () => {
  const trace = await loadAlibabaGpu2023(path, { withGpuOnly: true })
  for (const tie of ['seeded-order', 'random'] as const) {
    const [ours, theirs] = ['typical-fill', 'fgd'].map((packing) => fillCell(trace, { ...OPTIONS, packing, tie, seed: 42 }))
    assert.ok(
      ours.allocated[100] > theirs.allocated[100] + 0.2 && ours.allocated[100] > 95.5,
      `${ours.allocated[100]}, ${theirs.allocated[100]}`,
    )
  }
})

for (const name of Object.keys(packingPolicies)) {
  test(`${name} fills a GPU cell without overfilling any device`, () => {
    const tasks = [share(300), share(700), { cpu: 2, memory: 1, devices: 2, milli: 1000 }, { cpu: 3, memory: 1 }]
    const curve = fillCell(cellOf(5, tasks), { ...OPTIONS, packing: name })
    assert.ok(curve.allocated[130] > 50 && curve.allocated[130] <= 100)
  })
}
