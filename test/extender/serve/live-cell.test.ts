import assert from 'node:assert/strict'
import { test } from 'node:test'
import { LiveCell } from '../../../extender/serve/live-cell.ts'
import { mixOf } from '../../../extender/serve/mix.ts'
import { overcommitPolicies, packingPolicies, parsePacking } from '../../../policies/index.ts'
import { Allocator, Cell, NONE, type Trace } from '../../../sim/index.ts'
import { generateTrace, type Node, type Pod, translateCluster } from '../../../workloads/index.ts'

const trace = generateTrace('openb', { machines: 30 })
const options = { tie: 'lowest-id', seed: 1, scoreStep: 0 } as const
const DECISIONS = 150

const names = trace.machines.id.map((_, m) => `m${String(m).padStart(3, '0')}`)
const nodes: readonly Node[] = names.map((name, m) => ({
  metadata: { name, labels: { 'nvidia.com/gpu.product': trace.models[trace.machines.model[m]] } },
  status: {
    allocatable: {
      cpu: `${trace.machines.capacity[0][m]}m`,
      memory: `${trace.machines.capacity[1][m]}Mi`,
      pods: '1000',
      'nvidia.com/gpu': String(trace.machines.devices[m]),
    },
  },
}))

function podOf(run: number): Pod {
  const { classes, runs } = trace
  const c = runs.class[run]
  const gpu: Readonly<Record<string, string>> =
    classes.devices[c] === 0
      ? {}
      : classes.milli[c] < 1000
        ? { 'stowage.dev/gpu-milli': String(classes.milli[c]) }
        : { 'nvidia.com/gpu': String(classes.devices[c]) }
  const requests = { cpu: `${classes.request[0][c]}m`, memory: `${classes.request[1][c]}Mi`, ...gpu }
  return { metadata: { name: `p${run}`, uid: `u${run}` }, spec: { containers: [{ name: 'c', resources: { requests, limits: gpu } }] } }
}

const pods = Array.from({ length: DECISIONS }, (_, run) => podOf(run))
/** The same nodes and pods as `stowage simulate` reads them from a file, but for the rules that are kube-scheduler's to apply. */
const read = withoutRules(
  translateCluster({ nodes, pods, priorityClasses: [], namespaces: [], services: [], controllers: [], budgets: [] }, 'cluster'),
)

/** The simulator's own decisions, with every class known from the start. */
function simulated(packing: string): readonly string[] {
  const { policy, parameters } = parsePacking(packing)
  const cell = new Cell(read, overcommitPolicies.none, {})
  const allocator = new Allocator(cell, policy, parameters, options)
  return Array.from({ length: DECISIONS }, (_, run) => {
    const taskClass = read.runs.class[run]
    const machine = allocator.choose(taskClass)
    if (machine === NONE) return 'none'
    const devices = allocator.devices(taskClass, machine)
    cell.place(cell.tasks.add(run, taskClass, NONE, 0), machine, devices)
    return `${names[machine]}/${devices}`
  })
}

for (const packing of [...Object.keys(packingPolicies), 'fgd:0.7+best-fit:0.3']) {
  test(`${packing} decides over a live cell, whose classes turn up one by one, as in the simulator`, () => {
    const live = new LiveCell(nodes, [], mixOf(read), { ...parsePacking(packing), ...options })
    const decided = Array.from({ length: DECISIONS }, (_, run) => {
      const taskClass = live.classOf(live.translator.classWithoutRules(pods[run]))
      const machine = live.choose(taskClass, names)
      if (machine === NONE) return 'none'
      const devices = live.devices(taskClass, machine)
      live.place(taskClass, machine, devices)
      return `${live.node(machine)}/${devices}`
    })
    assert.deepEqual(decided, simulated(packing))
    assert.ok(new Set(decided).size > 20)
  })
}

for (const packing of ['fgd', 'best-fit', 'worst-fit', 'first-fit', 'gpu-packing', 'fgd:0.7+best-fit:0.3']) {
  test(`${packing} chooses the best of some as if there were no others`, () => {
    const live = new LiveCell(nodes, [], mixOf(read), { ...parsePacking(packing), ...options })
    const alone = new LiveCell(nodes.slice(10), [], mixOf(read), { ...parsePacking(packing), ...options })
    for (let run = 0; run < 60; run++) {
      const places = [live, alone].map((cell) => {
        const taskClass = cell.classOf(cell.translator.classWithoutRules(pods[run]))
        const machine = cell.choose(taskClass, names.slice(10))
        if (machine === NONE) return 'none'
        cell.place(taskClass, machine, cell.devices(taskClass, machine))
        return cell.node(machine)
      })
      assert.equal(places[0], places[1])
    }
  })
}

test('of nodes that differ from one pod to the next, the best that has room is chosen', () => {
  const live = new LiveCell(nodes, [], mixOf(read), { ...parsePacking('fgd'), ...options })
  for (let run = 0; run < DECISIONS; run++) {
    const some = names.filter((_, i) => (i + run) % 3 === 0)
    const taskClass = live.classOf(live.translator.classWithoutRules(pods[run]))
    const { machines, scores } = live.rank(taskClass, live.feasible(taskClass, some))
    const expected = machines.length === 0 ? NONE : machines[scores.indexOf(Math.max(...scores))]
    const machine = live.choose(taskClass, some)
    assert.equal(machine, expected)
    if (machine !== NONE) live.place(taskClass, machine, live.devices(taskClass, machine))
  }
})

function withoutRules(given: Trace): Trace {
  return { ...given, machines: { ...given.machines, traits: null }, classes: { ...given.classes, rules: null } }
}
