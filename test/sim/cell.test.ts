import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { overcommitPolicies, parsePolicy } from '../../policies/index.ts'
import { checkMachines } from '../../sim/check.ts'
import { Cell, NONE, type Trace } from '../../sim/index.ts'
import { type SmallCell, type SmallMachine, type SmallTask, smallTrace } from './small-trace.ts'

function emptyCell(small: SmallCell, overcommit = 'none'): Cell<Trace> {
  const { policy, parameters } = parsePolicy('overcommit', overcommitPolicies, overcommit)
  return new Cell(smallTrace(small), policy, parameters)
}

/** A row for run `run`, not yet anywhere. */
function taskOf(cell: Cell<Trace>, run: number): number {
  const { runs, tasks } = cell.trace
  return cell.tasks.add(run, runs.class[run], tasks.job[runs.task[run]], 0)
}

function devicesFor(cell: Cell<Trace>, run: number, machine: number): number {
  const taskClass = cell.trace.runs.class[run]
  return cell.devicesFit(taskClass, machine) ? cell.pickDevices(taskClass, machine) : 0
}

/** Every column that says what is placed; not the order in which machines gained room, which a release moves on purpose. */
function snapshot(cell: Cell): unknown {
  const list = (machine: number) => {
    const tasks: number[] = []
    for (let task = cell.firstTask[machine]; task !== NONE; task = cell.tasks.nextOnMachine[task]) tasks.push(task)
    return tasks
  }
  return structuredClone({
    used: cell.used,
    free: cell.free,
    taskCount: cell.taskCount,
    tasks: Array.from({ length: cell.machines }, (_, m) => list(m)),
    deviceFree: cell.deviceFree,
    totalUsed: cell.totalUsed,
    totalCapacity: cell.totalCapacity,
    placed: cell.tasksPlaced,
    overfull: cell.overfull,
    siblings: Array.from({ length: cell.trace.classes.count }, (_, c) => [...(cell.siblingsOf(c) ?? new Uint16Array(cell.machines))]),
    machineOf: cell.tasks.machine.slice(0, cell.tasks.count),
    devicesOf: cell.tasks.devices.slice(0, cell.tasks.count),
  })
}

const machine: fc.Arbitrary<SmallMachine> = fc.record({
  cpu: fc.integer({ min: 1, max: 6 }),
  memory: fc.integer({ min: 0, max: 6 }),
  devices: fc.constantFrom(0, 1, 3, 32),
})
const task: fc.Arbitrary<SmallTask> = fc.record({
  cpu: fc.nat(4),
  memory: fc.nat(4),
  devices: fc.constantFrom(0, 1, 2, 32),
  milli: fc.constantFrom(1000, 300),
  priority: fc.nat(3),
  job: fc.nat(2),
  apart: fc.boolean(),
  tier: fc.constantFrom('free', 'production'),
})

for (const overcommit of ['none', 'fixed-ratio:phi=0.7']) {
  test(`a task placed and released leaves every column as it was, overcommit ${overcommit}`, () => {
    fc.assert(
      fc.property(
        fc.array(machine, { minLength: 1, maxLength: 4 }),
        fc.array(fc.tuple(task, fc.nat(3)), { minLength: 1, maxLength: 12 }),
        (machines, tasks) => {
          const cell = emptyCell({ machines, tasks: tasks.map(([spec]) => spec) }, overcommit)
          const rows = tasks.map((_, run) => taskOf(cell, run))
          const before: unknown[] = []
          for (const [run, row] of rows.entries()) {
            const on = tasks[run][1] % machines.length
            before.push(snapshot(cell))
            cell.place(row, on, devicesFor(cell, run, on))
            checkMachines(cell, (breach) => assert.fail(breach))
          }
          for (const row of rows.toReversed()) {
            cell.release(row)
            assert.deepEqual(snapshot(cell), before.pop())
          }
        },
      ),
      { seed: 3, numRuns: 200 },
    )
  })
}

test('whatever the order of releases, an emptied cell is like one that was never used', () => {
  fc.assert(
    fc.property(
      fc.array(machine, { minLength: 1, maxLength: 4 }),
      fc.array(fc.tuple(task, fc.nat(3), fc.nat()), { minLength: 1, maxLength: 12 }),
      (machines, tasks) => {
        const cell = emptyCell({ machines, tasks: tasks.map(([spec]) => spec) })
        const rows = tasks.map((_, run) => taskOf(cell, run))
        const empty = snapshot(cell)
        for (const [run, row] of rows.entries()) {
          const on = tasks[run][1] % machines.length
          cell.place(row, on, devicesFor(cell, run, on))
        }
        for (const row of rows.toSorted((a, b) => tasks[a][2] - tasks[b][2])) {
          cell.release(row)
          checkMachines(cell, (breach) => assert.fail(breach))
        }
        assert.deepEqual(snapshot(cell), empty)
      },
    ),
    { seed: 4, numRuns: 200 },
  )
})

test('a share of a GPU goes to the fullest device that has room, of equals to the lowest', () => {
  const gpu = (milli: number): SmallTask => ({ cpu: 0, memory: 0, devices: 1, milli })
  const cell = emptyCell({ machines: [{ cpu: 1, memory: 1, devices: 4 }], tasks: [600, 300, 600, 300, 500, 400, 1000].map(gpu) })
  // Free milli-GPU before each: 1000 1000 1000 1000 | 400 ... | 100 ... and so on.
  const picked = [600, 300, 600, 300, 500, 400, 1000].map((_, run) => {
    const bits = devicesFor(cell, run, 0)
    cell.place(taskOf(cell, run), 0, bits)
    return Math.log2(bits)
  })
  // 600→0 (400 left); 300→0 (100); 600→1 (400); 300→1 (100); 500→2 (500); 400→2 (100); 1000→3.
  assert.deepEqual(picked, [0, 0, 1, 1, 2, 2, 3])
  assert.deepEqual([...cell.deviceFree], [100, 100, 100, 0])
})

test('of two devices that are equally full the lower one is taken, though a fuller one has no room', () => {
  const gpu = (milli: number): SmallTask => ({ cpu: 0, memory: 0, devices: 1, milli })
  const cell = emptyCell({ machines: [{ cpu: 1, memory: 1, devices: 4 }], tasks: [gpu(300)] })
  cell.deviceFree.set([1000, 200, 700, 700])
  assert.equal(devicesFor(cell, 0, 0), 0b0100)
})

test('whole devices are the idle ones, lowest first, and a device that is shared is not idle', () => {
  const share: SmallTask = { cpu: 0, memory: 0, devices: 1, milli: 100 }
  const whole: SmallTask = { cpu: 0, memory: 0, devices: 2, milli: 1000 }
  const cell = emptyCell({ machines: [{ cpu: 1, memory: 1, devices: 5 }], tasks: [share, whole, whole, whole] })
  for (const run of [0, 1, 2]) cell.place(taskOf(cell, run), 0, devicesFor(cell, run, 0))
  assert.deepEqual([...cell.tasks.devices.slice(0, 3)], [0b00001, 0b00110, 0b11000])
  assert.equal(cell.fits(cell.trace.runs.class[3], 0), false)
})

test('all 32 devices of a machine can be held at once', () => {
  const cell = emptyCell({ machines: [{ cpu: 1, memory: 1, devices: 32 }], tasks: [{ cpu: 0, memory: 0, devices: 32 }] })
  cell.place(taskOf(cell, 0), 0, devicesFor(cell, 0, 0))
  assert.equal(cell.tasks.devices[0], 2 ** 32 - 1)
  assert.ok(cell.deviceFree.every((free) => free === 0))
})

test('a request of zero fits even a machine that is overfull', () => {
  const cell = emptyCell({
    machines: [{ cpu: 1, memory: 4 }],
    tasks: [
      { cpu: 3, memory: 0 },
      { cpu: 0, memory: 4 },
      { cpu: 1, memory: 0 },
    ],
  })
  cell.place(taskOf(cell, 0), 0, 0)
  assert.equal(cell.free[0][0][0], -2)
  assert.equal(cell.overfull, 1)
  assert.deepEqual(
    [1, 2].map((run) => cell.fits(cell.trace.runs.class[run], 0)),
    [true, false],
  )
})

test('a resource of which no machine has any constrains nothing', () => {
  const cell = emptyCell({ machines: [{ cpu: 2, memory: 0 }], tasks: [{ cpu: 1, memory: 9 }] })
  assert.deepEqual(cell.resources, ['cpu'])
  assert.ok(cell.fits(cell.trace.runs.class[0], 0))
})

test('tasks of a job that must be apart are kept from each other, and from nobody else', () => {
  const apart: SmallTask = { cpu: 1, memory: 1, job: 1, apart: true }
  const cell = emptyCell({
    machines: [
      { cpu: 9, memory: 9 },
      { cpu: 9, memory: 9 },
    ],
    tasks: [apart, { ...apart, cpu: 2 }, { ...apart, job: 2 }],
  })
  const first = taskOf(cell, 0)
  cell.place(first, 0, 0)
  const fits = (run: number) => [0, 1].map((m) => cell.fits(cell.trace.runs.class[run], m))
  assert.deepEqual(
    [fits(1), fits(2)],
    [
      [false, true],
      [true, true],
    ],
  )
  cell.release(first)
  assert.deepEqual(fits(1), [true, true])
})
