import assert from 'node:assert/strict'
import { test } from 'node:test'
import { packingPolicies, parsePolicy } from '../../policies/index.ts'
import { Cell, type CellView, type Packing, type PackingPolicy, randomStream } from '../../sim/index.ts'
import { options } from '../sim/policies-for-tests.ts'
import { type SmallCell, type SmallTask, smallTrace } from '../sim/small-trace.ts'
import { moves } from '../sim/told.ts'

const names = Object.keys(packingPolicies)
const forAnyCell = Object.entries(packingPolicies).flatMap(([name, policy]: readonly [string, PackingPolicy]) =>
  policy.cells ? [] : [name],
)

/**
 * The one cell that all policies are asked about, chosen so that every one takes another machine for the first task, which
 * asks for 2 CPUs and 1 of memory. Free shares (CPU, memory), and the shares d that the task asks for:
 *
 *            m0        m1        m2        m3        m4        m5         m6
 *   free f   .9  .2    .6  .3    .4  .6    .9  .7    .2  .1    .6  .5     .8  .9
 *   task d   .1  .05   .2  .05   .05 .1    .1  .05   .2  .05   .05 .025   .2  .1
 *   Σ(f−d)   .95       .65       .85       1.45 max  .05 min   1.025      1.4       worst-fit m3, best-fit m4
 *   Σ d·f    .1        .135      .08       .125      .045      .0425      .25 max   dot-product m6
 *   cosine   .970      .976      .992 max  .981      .976      .973       .928      cosine m2
 *   S now    .7        .3        .2        .2        .1        .1         .1
 *   S then   .65       .15       .15       .15       .05       .075       .2
 *   gain     .05       .15 max   .05       .05       .05       .025       −.1       least-stranded m1
 *   rise     .746      1.435     .796      .444      2.846     .354 min   .963      e-pvm m5 (base 7)
 *
 * where S = (larger f) − (smaller f) is what is stranded and the rise is Σ 7^(1−f+d) − 7^(1−f). First-fit takes m0.
 *
 * For a second such task only the machine that got the first has changed, by d: m4 is full, so best-fit's least is m1; m3 is
 * down to 1.3, so worst-fit's most is m6; dot-product has m6 at .2, cosine m2 at .989, e-pvm m5 at .384, least-stranded m1
 * at .15 − 0 = .15; all four stay.
 */
const shapes = [
  { cpu: 20, memory: 20, free: [18, 4] },
  { cpu: 10, memory: 20, free: [6, 6] },
  { cpu: 40, memory: 10, free: [16, 6] },
  { cpu: 20, memory: 20, free: [18, 14] },
  { cpu: 10, memory: 20, free: [2, 2] },
  { cpu: 40, memory: 40, free: [24, 20] },
  { cpu: 10, memory: 10, free: [8, 9] },
]
const task: SmallTask = { cpu: 2, memory: 1, at: 1 }
const shared: SmallCell = {
  machines: shapes.map(({ cpu, memory }) => ({ cpu, memory })),
  tasks: [
    ...shapes.map(({ cpu, memory, free }, m): SmallTask => ({ cpu: cpu - free[0], memory: memory - free[1], preplaced: m })),
    task,
    task,
  ],
  end: 10,
}

/** Where each policy puts two such tasks, one after the other. */
const expected: Record<string, readonly number[]> = {
  'first-fit': [0, 0],
  'best-fit': [4, 1],
  'worst-fit': [3, 6],
  'dot-product': [6, 6],
  cosine: [2, 2],
  'e-pvm': [5, 5],
  'least-stranded': [1, 1],
  random: [5, 6],
}

test('every packing policy for any cell is asked', () => {
  assert.deepEqual(Object.keys(expected).sort(), [...forAnyCell].sort())
})

for (const [name, machines] of Object.entries(expected)) {
  test(`${name} puts two equal tasks on machines ${machines.join(' and ')}`, () => {
    const placed = moves(shared, name).slice(shapes.length)
    assert.deepEqual(
      placed,
      machines.map((machine, i) => `1 place ${shapes.length + i} on ${machine}`),
    )
  })
}

test('random takes, at each decision, the ⌊u·k⌋-th of the k machines with room', () => {
  // All seven have room for the first; machine 4, which would not for another, did not get it.
  const draw = randomStream(1, 'ties')
  assert.deepEqual([Math.floor(draw() * 7), Math.floor(draw() * 7)], expected.random)
})

/** A view of machines with something placed, and the policy's closures over it. */
function packingOf(name: string, cell: SmallCell): { readonly packing: Packing; readonly cell: Cell } {
  const trace = smallTrace(cell)
  const { overcommit } = options('first-fit')
  const made = new Cell(trace, overcommit.policy, overcommit.parameters)
  for (let run = 0; run < trace.runs.count; run++) {
    if (!trace.runs.preplaced[run]) continue
    const taskClass = trace.runs.class[run]
    const machine = trace.runs.machine[run]
    made.place(made.tasks.add(run, taskClass, run, 0), machine, made.pickDevices(taskClass, machine))
  }
  const view: CellView = made.view(0, randomStream(1, 'policy'))
  const { policy, parameters } = parsePolicy('packing', packingPolicies, name)
  return { packing: policy.create(view, parameters), cell: made }
}

/** One machine of 10 CPUs and 20 of memory, of which 6 (.6) and 10 (.5) are free; the task asks for 2 (.2) and 2 (.1). */
const tiny: SmallCell = {
  machines: [
    { cpu: 10, memory: 20 },
    { cpu: 10, memory: 20 },
    { cpu: 10, memory: 20 },
  ],
  tasks: [
    { cpu: 4, memory: 10, preplaced: 0 },
    { cpu: 2, memory: 2 },
  ],
}

const formulas: Record<string, number> = {
  'first-fit': -0,
  'best-fit': -(0.4 + 0.4),
  'worst-fit': 0.4 + 0.4,
  'dot-product': 0.2 * 0.6 + 0.1 * 0.5,
  cosine: 0.17 / Math.sqrt((0.04 + 0.01) * (0.36 + 0.25)),
  // Used .4 → .6 and .5 → .6; the base is the number of machines, 3, unless given.
  'e-pvm': -(3 ** 0.6 - 3 ** 0.4 + (3 ** 0.6 - 3 ** 0.5)),
  'e-pvm:base=2': -(2 ** 0.6 - 2 ** 0.4 + (2 ** 0.6 - 2 ** 0.5)),
  // Stranded .6 − .5 now, .4 − .4 with the task.
  'least-stranded': 0.1 - 0,
  random: 0,
}

test('every packing policy for any cell has its formula checked', () => {
  assert.deepEqual(new Set(Object.keys(formulas).map((name) => name.split(':')[0])), new Set(forAnyCell))
})

for (const [name, score] of Object.entries(formulas)) {
  test(`the score of ${name} is its formula`, () => {
    const found = packingOf(name, tiny).packing.score(1, 0)
    assert.ok(Math.abs(found - score) < 1e-12, `${found}, by hand ${score}`)
  })
}

test('first-fit prefers the lower machine, whatever the tie-break of the run', () => {
  const cell = {
    machines: [
      { cpu: 4, memory: 4 },
      { cpu: 4, memory: 4 },
      { cpu: 4, memory: 4 },
    ],
    tasks: [task, task, task],
    end: 10,
  }
  for (const tie of ['random', 'seeded-order'] as const) {
    assert.deepEqual(moves(cell, 'first-fit', { tie }), ['1 place 0 on 0', '1 place 1 on 0', '1 place 2 on 1'])
  }
})

/** Machines without GPU, without memory, with nothing free, and tasks that ask for nothing at all. */
const lacking: SmallCell = {
  machines: [
    { cpu: 4, memory: 4, devices: 2 },
    { cpu: 4, memory: 0 },
    { cpu: 0, memory: 4 },
    { cpu: 0, memory: 0, devices: 1 },
    { cpu: 2, memory: 2 },
  ],
  tasks: [
    { cpu: 2, memory: 2, preplaced: 4 },
    { cpu: 0, memory: 0 },
    { cpu: 2, memory: 0 },
    { cpu: 0, memory: 2 },
    { cpu: 0, memory: 0, devices: 1, milli: 500 },
    { cpu: 1, memory: 1, devices: 2 },
  ],
}

for (const name of names) {
  test(`${name} gives every machine with room a finite score, also where the machine lacks a resource`, () => {
    const { packing, cell } = packingOf(name, lacking)
    let asked = 0
    for (let taskClass = 0; taskClass < cell.trace.classes.count; taskClass++) {
      for (let machine = 0; machine < cell.machines; machine++) {
        if (!cell.fits(taskClass, machine)) continue
        asked++
        assert.ok(Number.isFinite(packing.score(taskClass, machine)), `class ${taskClass} on machine ${machine}`)
      }
    }
    // Nothing: 5 machines; 2 CPUs: 2; 2 of memory: 2; half a GPU: 2; the last: 1; the one that is placed: 1.
    assert.equal(asked, 13)
  })
}
