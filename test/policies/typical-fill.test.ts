import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { parsePacking } from '../../policies/index.ts'
import { StrandedGpu } from '../../policies/stranded-gpu.ts'
import { typicalTasks } from '../../policies/typical-tasks.ts'
import { Cell, randomStream } from '../../sim/index.ts'
import { options } from '../sim/policies-for-tests.ts'
import { type SmallMachine, type SmallTask, smallTrace } from '../sim/small-trace.ts'

const gpu = (milli: number, cpu: number, more: Partial<SmallTask> = {}): SmallTask => ({ cpu, memory: 0, devices: 1, milli, ...more })
const many = (count: number, task: SmallTask) => Array.from({ length: count }, () => task)

function made(machines: readonly SmallMachine[], tasks: readonly SmallTask[]) {
  const trace = smallTrace({ machines, tasks })
  const { overcommit } = options('first-fit')
  const cell = new Cell(trace, overcommit.policy, overcommit.parameters)
  const view = cell.view(0, randomStream(1, 'policy'))
  const { policy, parameters } = parsePacking('typical-fill')
  return { trace, cell, view, packing: policy.create(view, parameters), stranded: new StrandedGpu(view, typicalTasks(view)) }
}

const at = (cpu: number, ...milli: number[]) => ({ model: 0, cpu, milli: Int32Array.from(milli), devices: milli.length })
const near = (found: number, wanted: number) => assert.ok(Math.abs(found - wanted) < 1e-9, `${found}, by hand ${wanted}`)

test('stranded is what is left over when a machine is filled with typical tasks, all together and kind by kind', () => {
  // One kind alone, 400 and 2 CPUs: 1000 takes two and leaves 200, 300 takes none. Together 500, and half of that again.
  const { stranded } = made([{ cpu: 9, memory: 9, devices: 2 }], many(10, gpu(400, 2)))
  near(stranded.amount(at(100, 1000, 300)), 500 + 0.5 * 500)
  // With 3 CPUs only one has room.
  near(stranded.amount(at(3, 1000, 300)), 900 + 0.5 * 900)
})

test('the mix is offered largest first, each task to the tightest device', () => {
  // Half ask for 700, half for 300; a device and a rest of 300. Largest first: 700 to the device, 300 to the rest, 300 to the
  // device: nothing is left. Alone, 700 leaves 300 + 300 and 300 leaves 100.
  const { stranded } = made([{ cpu: 99, memory: 9, devices: 2 }], [...many(10, gpu(700, 1)), ...many(10, gpu(300, 1))])
  near(stranded.amount(at(99, 1000, 300)), 0 + 0.5 * (0.5 * 600 + 0.5 * 100))
})

test('tasks that want no GPU count as strangers to it, and tasks bound to another model are not offered', () => {
  const machines = [
    { cpu: 9, memory: 9, devices: 1, model: 'A' },
    { cpu: 9, memory: 9, devices: 1, model: 'B' },
  ]
  const { stranded, trace } = made(machines, [...many(5, gpu(1000, 1, { models: ['B'] })), ...many(5, { cpu: 1, memory: 0 })])
  const model = (name: string) => trace.models.indexOf(name)
  near(stranded.amount({ ...at(9, 1000), model: model('A') }), 1000 + 0.5 * 0.5 * 1000)
  near(stranded.amount({ ...at(9, 1000), model: model('B') }), 0)
})

test('the order of the devices does not matter', () => {
  const { stranded } = made(
    [{ cpu: 99, memory: 9, devices: 8 }],
    [...many(7, gpu(300, 2)), ...many(5, gpu(1000, 3, { devices: 2 })), ...many(3, gpu(600, 9))],
  )
  const free = fc.array(
    fc.integer({ min: 0, max: 10 }).map((tenth) => tenth * 100),
    { minLength: 1, maxLength: 8 },
  )
  fc.assert(
    fc.property(free, fc.integer({ min: 0, max: 40 }), (milli, cpu) => {
      const fresh = made(
        [{ cpu: 99, memory: 9, devices: 8 }],
        [...many(7, gpu(300, 2)), ...many(5, gpu(1000, 3, { devices: 2 })), ...many(3, gpu(600, 9))],
      )
      near(fresh.stranded.amount(at(cpu, ...[...milli].reverse())), stranded.amount(at(cpu, ...milli)))
    }),
    { numRuns: 100 },
  )
})

test('a task goes where it wastes least, and its score is that saving on a scale from 0 to 100', () => {
  // Typical tasks ask for 500. On an idle device a task of 500 leaves 500, of use: V 0 → 0, U 0. On one with 700 free: V 200 · 1.5 before and after.
  const { cell, packing, trace } = made([{ cpu: 99, memory: 9, devices: 2 }], [...many(99, gpu(500, 1)), gpu(300, 1), gpu(200, 1)])
  const [half, three, two] = [0, 1, 2]
  near(packing.score(half, 0), 50)
  cell.place(cell.tasks.add(0, three, 0, 0), 0, 1)
  assert.deepEqual([...cell.deviceFree], [700, 1000])
  // 200 more takes exactly what was left over there: V 300 → 0; on the idle device it would leave 800, V 300 → 300 + 300 · 1.5.
  near(packing.score(two, 0), 100 / (1 + Math.exp(-300 / 750)))
  assert.equal(packing.device?.(two, 0), 0)
  assert.equal(trace.classes.count, 3)
})

test('a model that tasks are bound to costs what it is worth to them', () => {
  // A quarter of the GPU asked for is bound to A, which is half of the cell: its price is .5 of what a task takes.
  const machines = [
    { cpu: 99, memory: 9, devices: 1, model: 'A' },
    { cpu: 99, memory: 9, devices: 1, model: 'B' },
  ]
  const { packing } = made(machines, [...many(30, gpu(1000, 1)), ...many(10, gpu(1000, 1, { models: ['A'] }))])
  const before = { A: 0, B: 0.5 * 0.25 * 1000 }
  const after = { A: 0, B: 0 }
  near(packing.score(0, 0), 100 / (1 + Math.exp(-(before.A - after.A - 0.5 * 1000) / 750)))
  near(packing.score(0, 1), 100 / (1 + Math.exp(-(before.B - after.B) / 750)))
})
