import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { FRAGMENT_CAUSES, Fragmentation, packingPolicies, parsePacking } from '../../policies/index.ts'
import { Allocator, Cell, type Packing, randomStream } from '../../sim/index.ts'
import { options } from '../sim/policies-for-tests.ts'
import { type SmallMachine, type SmallTask, smallTrace } from '../sim/small-trace.ts'

/** Devices in thousandths, CPU in thousandths: what the paper's formulas are in. */
const gpu = (milli: number, cpu: number, more: Partial<SmallTask> = {}): SmallTask => ({ cpu, memory: 0, devices: 1, milli, ...more })

/** The cell with the first tasks placed where they say, and the policy's closures over it. */
function made(machines: readonly SmallMachine[], tasks: readonly SmallTask[], name = 'fgd', scoreStep = 0) {
  const trace = smallTrace({ machines, tasks })
  const { overcommit } = options('first-fit')
  const cell = new Cell(trace, overcommit.policy, overcommit.parameters)
  const { policy, parameters } = parsePacking(name)
  const allocator = new Allocator(cell, policy, parameters, { tie: 'lowest-id', seed: 1, scoreStep })
  for (let run = 0; run < trace.runs.count; run++) {
    if (!trace.runs.preplaced[run]) continue
    const taskClass = trace.runs.class[run]
    const machine = trace.runs.machine[run]
    cell.place(cell.tasks.add(run, taskClass, run, 0), machine, cell.pickDevices(taskClass, machine))
  }
  const view = cell.view(0, randomStream(1, 'policy'), scoreStep)
  const packing: Packing = policy.create(view, parameters)
  const classOf = (task: number) => trace.runs.class[task]
  return { trace, cell, view, packing, allocator, classOf }
}

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x))
const near = (found: number, wanted: number) => assert.ok(Math.abs(found - wanted) < 1e-9, `${found}, by hand ${wanted}`)

test('fragmentation is what the typical task cannot use, by cause', () => {
  // Free: 300 and 1000 on two devices, 4 CPUs, of a T4. Five kinds of tasks, each as common as the others:
  const machines = [
    { cpu: 6000, memory: 9, devices: 2, model: 'T4' },
    { cpu: 9000, memory: 9, devices: 1, model: 'P100' },
  ]
  const kinds: readonly SmallTask[] = [
    gpu(700, 2000, { preplaced: 0 }), // fits: the rest of 300 on the other device is lost
    { cpu: 1000, memory: 0 }, // wants no GPU: 1300
    gpu(1000, 1000, { models: ['P100'] }), // may not go to a T4: 1300
    gpu(1000, 1000, { devices: 2 }), // only one idle device: 1300
    gpu(200, 5000), // too little CPU: 1300
  ]
  const { view } = made(machines, kinds)
  const fragmentation = new Fragmentation(view)
  assert.equal(fragmentation.tasks, 5)
  const machine = fragmentation.blank()
  fragmentation.read(0, machine)
  const byCause = new Float64Array(FRAGMENT_CAUSES.length)
  fragmentation.addByCause(machine, byCause, 1)
  assert.deepEqual([...byCause], [1300, 1300, 1300, 1300, 300])
  assert.equal(fragmentation.amount(machine), 4 * 1300 + 300)
})

test('the typical tasks are the fewest kinds that make 95 % of the tasks, whatever their memory', () => {
  const common = Array.from({ length: 94 }, (_, i): SmallTask => gpu(500, 1000, { memory: i % 3 }))
  const { view } = made([{ cpu: 9000, memory: 9, devices: 1 }], [...common, ...[1, 2, 3, 4, 5, 6].map((cpu) => gpu(100, cpu))])
  // 94 of 100 are not enough; one of the six that are equally rare is, the one with the most CPU.
  const fragmentation = new Fragmentation(view)
  assert.equal(fragmentation.tasks, 95)
  const machine = fragmentation.blank()
  fragmentation.read(0, machine)
  machine.cpu = 5
  assert.equal(fragmentation.amount(machine), 95 * 1000, 'six thousandths of a CPU are too many')
  machine.cpu = 6
  assert.equal(fragmentation.amount(machine), 94 * 1000)
})

test('amount is the sum of the causes, for any machine', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.integer({ min: 0, max: 10 }).map((tenth) => tenth * 100),
        { minLength: 1, maxLength: 8 },
      ),
      fc.integer({ min: 0, max: 10 }),
      fc.array(
        fc.record({
          milli: fc.integer({ min: 1, max: 10 }),
          cpu: fc.integer({ min: 0, max: 10 }),
          devices: fc.integer({ min: 0, max: 3 }),
        }),
        { minLength: 1 },
      ),
      (free, cpu, kinds) => {
        const tasks = kinds.map(
          ({ milli, cpu, devices }): SmallTask =>
            devices === 0 ? { cpu, memory: 0 } : gpu(devices > 1 ? 1000 : milli * 100, cpu, { devices }),
        )
        const { view } = made([{ cpu: 10, memory: 1, devices: 8 }], tasks)
        const fragmentation = new Fragmentation(view)
        const machine = { model: 0, cpu, milli: Int32Array.from(free), devices: free.length }
        const byCause = new Float64Array(FRAGMENT_CAUSES.length)
        fragmentation.addByCause(machine, byCause, 1)
        assert.equal(
          fragmentation.amount(machine),
          byCause.reduce((sum, one) => sum + one),
        )
      },
    ),
  )
})

test('fgd scores the descent of fragmentation, and takes the device where it is steepest', () => {
  // Half the typical tasks ask for 600, half for 400; devices have 400 and 1000 free.
  const machines = [{ cpu: 9000, memory: 9, devices: 2 }]
  const tasks = [gpu(600, 1000, { preplaced: 0 }), gpu(400, 1000)]
  const { packing, classOf } = made(machines, tasks)
  // Before: 600 cannot use the 400 → 400; 400 can use both → 0; F = 200. On the device with 400: 0 and 1000 left, F = 0.
  near(packing.score(classOf(1), 0), 100 * sigmoid(0.2))
  assert.equal(packing.device?.(classOf(1), 0), 0)
  // A task of 600 fits the idle device alone, and leaves 400 twice: 600 cannot use them, F = 400.
  near(packing.score(classOf(0), 0), 100 * sigmoid(-0.2))
  assert.equal(packing.device?.(classOf(0), 0), 1)
})

test('fgd compares devices as the run compares scores: where they are equal when truncated, the first wins', () => {
  // 400 and 300 are free. Typical are 95 tasks of a whole device, which has no room, and 3 of 350. A task of 100 leaves 300 and 300,
  // of no use to anyone, or 400 and 200: D is .088 or .1, 52.2 or 52.5 points.
  const machines = [{ cpu: 9000, memory: 9, devices: 2 }]
  const many = (count: number, milli: number) => Array.from({ length: count }, () => gpu(milli, 0))
  const tasks = [gpu(600, 0, { preplaced: 0 }), gpu(700, 0, { preplaced: 0 }), gpu(100, 0), ...many(95, 1000), ...many(3, 350)]
  const deviceAt = (scoreStep: number) => {
    const { cell, packing, classOf } = made(machines, tasks, 'fgd', scoreStep)
    assert.deepEqual([...cell.deviceFree], [400, 300])
    return packing.device?.(classOf(2), 0)
  }
  assert.equal(deviceAt(0), 1)
  assert.equal(deviceAt(1), 0)
})

/** Machines of 8 devices, and what each policy of the FGD paper gives them, by hand. */
const eight: SmallMachine = { cpu: 128_000, memory: 9, devices: 8 }

test('fgd-best-fit is the least left in shares of the largest machine, then 0 to 100 over those with room', () => {
  const { packing, classOf } = made(
    [eight, { cpu: 64_000, memory: 9, devices: 2 }],
    [gpu(1000, 32_000), { cpu: 1, memory: 0 }],
    'fgd-best-fit',
  )
  near(packing.score(classOf(0), 0), 100 * (1 - (0.5 * 0.75 + 0.5 * 0.875)))
  near(packing.score(classOf(0), 1), 100 * (1 - (0.5 * 0.25 + 0.5 * 0.125)))
  assert.deepEqual(
    [10, 15, 19, 20].map((score) => packing.normalise?.(score, 10, 20)),
    [0, 50, 90, 100],
  )
  assert.equal(packing.normalise?.(7, 7, 7), 0)
})

test('fgd-dot-product is higher where less is free', () => {
  const { packing, classOf } = made([eight], [gpu(1000, 32_000), { cpu: 1, memory: 0 }], 'fgd-dot-product')
  near(packing.score(classOf(0), 0), 100 * (1 - 0.5 * (0.25 + 0.125)))
})

test('gpu-clustering prefers a machine with that kind of task alone, then among others, then none, then others only', () => {
  const whole = (preplaced: number) => gpu(1000, 0, { preplaced })
  const machines = [eight, eight, eight, eight]
  const tasks = [whole(0), whole(1), gpu(500, 0, { preplaced: 1 }), gpu(500, 0, { preplaced: 3 }), gpu(1000, 0), { cpu: 1, memory: 0 }]
  const { packing, classOf } = made(machines, tasks, 'gpu-clustering')
  const scores = [0, 1, 2, 3].map((machine) => packing.score(classOf(4), machine))
  assert.deepEqual(scores, [75 + 25 / 8, 50 + (25 * 1.5) / 8, 25, 25 * (0.5 / 8)])
  assert.equal(packing.score(classOf(5), 0), 0)
})

test('what a machine holds of each kind is forgotten when it is released', () => {
  const { cell, packing, classOf } = made([eight], [gpu(500, 0, { preplaced: 0 }), gpu(1000, 0)], 'gpu-clustering')
  assert.equal(packing.score(classOf(0), 0), 75 + 25 * (0.5 / 8))
  cell.release(cell.firstTask[0])
  assert.equal(packing.score(classOf(0), 0), 25)
  assert.deepEqual(
    [...cell.gpuTasks].filter((count) => count !== 0),
    [],
  )
})

test('gpu-packing prefers devices in use, then machines in use, then idle ones', () => {
  const machines = [eight, eight, { cpu: 9000, memory: 9, devices: 2 }]
  const tasks = [
    gpu(400, 0, { preplaced: 0 }),
    gpu(600, 0, { preplaced: 1 }),
    gpu(500, 0),
    gpu(1000, 0, { devices: 2 }),
    { cpu: 1, memory: 0 },
  ]
  const { packing, classOf } = made(machines, tasks, 'gpu-packing')
  // 500 fits beside the 400, where 600 are free: 100 − ⌊60 / 10⌋. Beside the 600 it opens a device: 50 − 1. Idle: 33 − 8, 33 − 2.
  assert.deepEqual(
    [0, 1, 2].map((machine) => packing.score(classOf(2), machine)),
    [94, 49, 31],
  )
  assert.deepEqual(
    [0, 1].map((machine) => packing.score(classOf(3), machine)),
    [48, 48],
  )
  assert.equal(packing.score(classOf(4), 2), 0)
})

test('fgd-random draws one of the devices with room', () => {
  const { packing, classOf } = made([{ cpu: 9000, memory: 9, devices: 4 }], [gpu(600, 0, { preplaced: 0 }), gpu(500, 0)], 'fgd-random')
  const counts = [0, 0, 0, 0]
  for (let i = 0; i < 3000; i++) counts[packing.device?.(classOf(1), 0) ?? 0]++
  assert.equal(counts[0], 0)
  for (const count of counts.slice(1)) assert.ok(Math.abs(count - 1000) < 120, `${counts}`)
})

test('power counts the devices and sockets that a task wakes, in watts', () => {
  // A T4 draws 10 W idle and 70 W in use; its machine’s sockets of 48 threads 20 W and 165 W.
  const machines = [
    { cpu: 96_000, memory: 9, devices: 2, model: 'T4' },
    { cpu: 96_000, memory: 9, devices: 2, model: 'T4' },
  ]
  const tasks = [gpu(500, 40_000, { preplaced: 0 }), gpu(500, 8000), gpu(500, 9000), gpu(1000, 0), { cpu: 1000, memory: 0 }]
  const { packing, classOf } = made(machines, tasks, 'power')
  const on = (task: number) => [0, 1].map((machine) => -packing.score(classOf(task), machine))
  assert.deepEqual(on(1), [0, 60 + 145])
  assert.deepEqual(on(2), [145, 60 + 145])
  assert.deepEqual(on(3), [60, 60])
  assert.deepEqual(on(4), [0, 145])
  assert.equal(packing.normalise?.(-60, -60, -60), 100)
  assert.equal(packing.normalise?.(-145, -205, 0), 29)
})

test('a weighted sum weighs scores after truncation and normalisation', () => {
  // fgd-best-fit gives 0 to the emptier machine and 100 to the fuller; worst-fit prefers the emptier by 1.5 raw points.
  const machines = [
    { cpu: 10, memory: 10, devices: 2 },
    { cpu: 10, memory: 10, devices: 2 },
  ]
  const tasks = [gpu(1000, 5, { memory: 5, preplaced: 1 }), gpu(1000, 5, { memory: 5 })]
  const chosen = (name: string, step = 0) => {
    const { allocator, classOf } = made(machines, tasks, name, step)
    return allocator.choose(classOf(1))
  }
  assert.equal(chosen('fgd-best-fit'), 1)
  assert.equal(chosen('worst-fit'), 0)
  assert.equal(chosen('fgd-best-fit:0.014+worst-fit'), 0)
  assert.equal(chosen('fgd-best-fit:0.016+worst-fit'), 1)
  // In whole points the fits left are 1 of 1.5 and 0 of 0.
  assert.equal(chosen('fgd-best-fit:0.011+worst-fit', 1), 1)
})

test('the device of a weighted sum is that of the first policy with a choice', () => {
  const { allocator, classOf } = made(
    [{ cpu: 9000, memory: 9, devices: 2 }],
    [gpu(600, 0, { preplaced: 0 }), gpu(400, 0)],
    'power:0.1+fgd:0.9',
  )
  assert.equal(allocator.devices(classOf(1), 0), 1)
})

test('a weight must be a number above 0', () => {
  for (const weight of ['x', '0', '-1', '', 'Infinity'])
    assert.throws(() => parsePacking(`fgd:${weight}+power`), {
      name: 'InputError',
      message: `fgd:${weight}+power: not a weight above 0: ${weight || '(empty)'}`,
    })
  assert.throws(() => parsePacking('fgd+powr'), /unknown packing policy: powr/)
  assert.doesNotThrow(() => parsePacking('e-pvm:base=4:0.5+fgd:2'))
})

for (const [name] of Object.entries(packingPolicies)) {
  test(`${name} gives every machine with room a finite score, where machines lack GPUs and tasks share them`, () => {
    const machines = [
      { cpu: 4, memory: 4, devices: 2, model: 'T4' },
      { cpu: 4, memory: 4 },
      { cpu: 0, memory: 0, devices: 3, model: 'unheard of' },
    ]
    const tasks = [{ cpu: 1, memory: 0 }, gpu(500, 0), gpu(1000, 0), gpu(1000, 0, { devices: 2 }), gpu(400, 0, { devices: 2 })]
    const { cell, packing, allocator, trace } = made(machines, tasks, name)
    let asked = 0
    for (let taskClass = 0; taskClass < trace.classes.count; taskClass++) {
      for (let machine = 0; machine < cell.machines; machine++) {
        if (!cell.fits(taskClass, machine)) continue
        asked++
        assert.ok(Number.isFinite(packing.score(taskClass, machine)), `class ${taskClass} on machine ${machine}`)
        const bits = allocator.devices(taskClass, machine)
        assert.equal(bits.toString(2).replaceAll('0', '').length, trace.classes.devices[taskClass])
      }
    }
    assert.equal(asked, 10)
  })
}
