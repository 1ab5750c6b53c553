import assert from 'node:assert/strict'
import { test } from 'node:test'
import { AS_RECORDED, compare, type RunPlan } from '../../experiments/index.ts'
import { InputError } from '../../sim/index.ts'
import { smallTrace } from '../sim/small-trace.ts'

const trace = smallTrace({
  machines: Array.from({ length: 6 }, (_, m) => ({ cpu: 6 + m, memory: 8 })),
  tasks: Array.from({ length: 60 }, (_, i) => ({ cpu: 1 + (i % 4), memory: 1 + (i % 3), at: i, run: 10 + (i % 9), priority: i % 3 })),
  end: 200,
})

const combination = (packing: string) => ({ admission: 'admit-all', packing, overcommit: 'none' })
const plan: RunPlan = {
  recipe: { from: { trace }, unscheduled: 'drop', load: 1 },
  schedulers: {},
  combinations: ['best-fit', 'random', 'worst-fit'].map(combination),
  seeds: [1, 2, 3],
  tie: 'lowest-id',
  preemption: 'none',
  scoreStep: 0,
  enough: 0,
  relaxed: false,
  warmUp: 0,
  check: true,
  machinesNeeded: true,
  allowances: { copies: 2, picky: 0 },
}

test('one process and three, and the same twice, give the same bytes', async () => {
  const bytesOf = async (processes: number) => {
    const { timing: _, ...found } = await compare(plan, { processes })
    return JSON.stringify(found)
  }
  const one = await bytesOf(1)
  assert.equal(await bytesOf(3), one)
  assert.equal(await bytesOf(3), one)
})

test('answers kept from an attempt that was cut short are taken up, and the result is the same', async () => {
  const answers = new Map<number, string>()
  const kept = {
    get: async (order: number) => {
      const text = answers.get(order)
      return text === undefined ? undefined : JSON.parse(text)
    },
    put: async (order: number, answer: object) => void answers.set(order, JSON.stringify(answer)),
  }
  const { timing: _, ...whole } = await compare(plan, { processes: 2, kept })
  assert.equal(answers.size, 9)
  for (const order of [1, 3, 8]) answers.delete(order)
  let asked = 0
  const counting = { ...kept, put: async (order: number, answer: object) => kept.put(order, answer).then(() => void asked++) }
  const { timing: __, ...resumed } = await compare(plan, { processes: 2, kept: counting })
  assert.equal(JSON.stringify(resumed), JSON.stringify(whole))
  assert.equal(asked, 3)
})

test('a row a combination and seed, in that order; what no seed can move is simulated once and stands for all', async () => {
  const told: [number, number][] = []
  const { rows, machinesNeeded, contrasts, timing } = await compare(
    { ...plan, machinesNeeded: false },
    { processes: 1, progress: (done, of) => told.push([done, of]) },
  )
  assert.deepEqual(
    rows.map(({ packing, seed, deterministic }) => [packing, seed, deterministic]),
    [
      ...[1, 2, 3].map((seed) => ['best-fit', seed, true]),
      ...[1, 2, 3].map((seed) => ['random', seed, false]),
      ...[1, 2, 3].map((seed) => ['worst-fit', seed, true]),
    ],
  )
  assert.deepEqual(
    timing.runs.map(({ packing, seed }) => `${packing} ${seed}`),
    ['best-fit 1', 'random 1', 'worst-fit 1', 'random 2', 'random 3'],
  )
  assert.deepEqual(
    told,
    [1, 2, 3, 4, 5].map((done) => [done, 5]),
  )
  assert.equal(rows[0].result, rows[2].result)
  assert.ok(rows[0].result.series.time.length > 0)
  assert.deepEqual(machinesNeeded, [])
  assert.ok(contrasts.every(({ measure }) => measure === 'wait_mean_at_least_s'))
})

test('machines needed are summed up over the seeds: 90th percentile by nearest rank, least, most and mean', async () => {
  const { machinesNeeded, rows, contrasts } = await compare({ ...plan, combinations: plan.combinations.slice(0, 2) }, { processes: 2 })
  for (const { packing, trials, min, max, p90, mean } of machinesNeeded) {
    const counts = trials.map(({ machines }) => machines ?? Number.NaN).sort((a, b) => a - b)
    assert.deepEqual([min, max, p90, mean], [counts[0], counts[2], counts[2], (counts[0] + counts[1] + counts[2]) / 3])
    assert.deepEqual(
      rows.filter((row) => row.packing === packing).map((row) => row.machinesNeeded),
      trials,
    )
  }
  assert.deepEqual(
    contrasts.map(({ measure, seeds }) => [measure, seeds]),
    [['machines_needed', 3]],
  )
})

test('a name that does not exist is found before anything runs', async () => {
  const progress = () => assert.fail('something ran')
  for (const wrong of [
    { ...combination('best-fit'), packing: 'best-fitt' },
    { ...combination('best-fit'), admission: 'admit-al' },
    { ...combination('best-fit'), overcommit: 'non' },
  ]) {
    await assert.rejects(compare({ ...plan, combinations: [...plan.combinations, wrong] }, { progress }), InputError)
  }
})

test('the trace’s own placements are a row among the others, and no machines are counted for them', async () => {
  const recorded = {
    count: 1,
    run: Int32Array.from([0]),
    machine: Int32Array.from([0]),
    from: Float64Array.from([3]),
    to: Float64Array.from([13]),
  }
  const own = {
    ...plan,
    recipe: { ...plan.recipe, from: { trace: { ...trace, recorded } } },
    combinations: [combination('best-fit'), combination(AS_RECORDED)],
  }
  const { rows, machinesNeeded } = await compare(own, { processes: 1 })
  assert.deepEqual(
    rows.map(({ result }) => result.placed),
    [60, 60, 60, 1, 1, 1],
  )
  assert.deepEqual(
    machinesNeeded.map(({ packing }) => packing),
    ['best-fit'],
  )
  assert.ok(rows.slice(3).every((row) => row.machinesNeeded === null && row.deterministic))
})
