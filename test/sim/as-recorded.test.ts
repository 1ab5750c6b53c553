import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import { AsRecorded, type Observer, SECOND, simulate, type Trace } from '../../sim/index.ts'
import { loadGoogle2011 } from '../../workloads/index.ts'
import { options } from './policies-for-tests.ts'
import { type SmallCell, smallTrace } from './small-trace.ts'

interface Stay {
  readonly run: number
  readonly machine: number
  readonly from: number
  readonly to: number
}

/** A small trace that says where its runs were; stays in seconds, by their beginning. */
function recordedTrace(cell: SmallCell, stays: readonly Stay[]): Trace {
  const inMicroseconds = {
    ...cell,
    tasks: cell.tasks.map((task) => ({ ...task, at: (task.at ?? 0) * SECOND, ...(task.run && { run: task.run * SECOND }) })),
    end: (cell.end ?? 0) * SECOND,
  }
  return {
    ...smallTrace(inMicroseconds),
    recorded: {
      count: stays.length,
      run: Int32Array.from(stays, ({ run }) => run),
      machine: Int32Array.from(stays, ({ machine }) => machine),
      from: Float64Array.from(stays, ({ from }) => from * SECOND),
      to: Float64Array.from(stays, ({ to }) => to * SECOND),
    },
  }
}

const recorded = { ...options('first-fit'), asRecorded: true, check: false }

test('runs go where and when the trace had them, and a machine may be overfull', () => {
  const cell: SmallCell = {
    machines: [
      { cpu: 4, memory: 4 },
      { cpu: 4, memory: 4 },
    ],
    tasks: [
      { cpu: 3, memory: 1, at: 0, run: 9 },
      { cpu: 3, memory: 1, at: 2 },
      { cpu: 2, memory: 1, at: 3, run: 4 },
    ],
    end: 20,
  }
  const trace = recordedTrace(cell, [
    { run: 0, machine: 1, from: 1, to: 10 },
    { run: 1, machine: 1, from: 5, to: Number.POSITIVE_INFINITY },
    { run: 2, machine: 0, from: 6, to: 10 },
  ])
  const lines: string[] = []
  const log = (run: AsRecorded): Observer => ({
    placed: (task, machine) => lines.push(`${run.now / SECOND} place ${run.cell.tasks.run[task]} on ${machine}`),
    ended: (task) => lines.push(`${run.now / SECOND} end ${run.cell.tasks.run[task]}`),
  })
  const { result } = simulate(trace, recorded, (run) => (run instanceof AsRecorded ? [log(run)] : []))
  assert.deepEqual(lines, ['1 place 0 on 1', '5 place 1 on 1', '6 place 2 on 0', '10 end 0', '10 end 2'])
  // 6 CPUs on a machine of 4 from 5 to 10.
  assert.equal(result.overfull, 5)
  assert.equal(result.utilisation.cpu.allocated, (3 * 9 + 3 * 15 + 2 * 4) / (8 * 20))
  assert.deepEqual([result.wait.all.count, result.wait.all.mean], [3, (1 + 3 + 3) / 3])
  assert.deepEqual([result.placed, result.running, result.pending], [3, 1, 0])
})

test('a run that was moved has several stays, and waits of its own between them', () => {
  const cell: SmallCell = { machines: [{ cpu: 4, memory: 4 }], tasks: [{ cpu: 3, memory: 1, at: 0, run: 9 }], end: 20 }
  const trace = recordedTrace(cell, [
    { run: 0, machine: 0, from: 1, to: 4 },
    { run: 0, machine: 0, from: 6, to: 15 },
  ])
  const { wait, waitAfterEviction, ended, placed } = simulate(trace, recorded).result
  assert.deepEqual([placed, ended.finish], [1, 1])
  assert.deepEqual([wait.all.count, wait.all.mean], [1, 1])
  assert.deepEqual([waitAfterEviction.count, waitAfterEviction.mean], [1, 2])
})

test('a run on a machine that the trace does not name counts in the cell, on no machine', () => {
  const cell: SmallCell = {
    machines: [{ cpu: 4, memory: 4 }],
    tasks: [
      { cpu: 4, memory: 1, run: 5 },
      { cpu: 4, memory: 1, run: 5 },
    ],
    end: 10,
  }
  const trace = recordedTrace(cell, [
    { run: 0, machine: 0, from: 0, to: 5 },
    { run: 1, machine: -1, from: 0, to: 5 },
  ])
  const { utilisation, overfull } = simulate(trace, recorded).result
  assert.equal(utilisation.cpu.allocated, (8 * 5) / (4 * 10))
  assert.equal(overfull, 0)
})

test('a placement that ends at its own instant begins before it ends', () => {
  const cell: SmallCell = { machines: [{ cpu: 4, memory: 4 }], tasks: [{ cpu: 4, memory: 1, run: 0, end: 'kill' }], end: 10 }
  const { ended, running, placed } = simulate(recordedTrace(cell, [{ run: 0, machine: 0, from: 3, to: 3 }]), recorded).result
  assert.deepEqual([placed, running, ended.kill], [1, 0, 1])
})

const google = fileURLToPath(new URL('../../../shared/traces/google-2011', import.meta.url))
const skip = existsSync(google) ? false : 'real traces not found at ../shared: traces/google-2011'

test('google-2011 as recorded has exactly the CPU and memory that its event rows add up to, at every instant', { skip }, async () => {
  const trace = await loadGoogle2011(google)
  const expected = curveOfRows(google)
  const [cpu, memory] = [0, 1].map((r) => trace.resources[r].name)
  assert.deepEqual([cpu, memory], ['cpu', 'memory'])
  const found = new Map<number, readonly [number, number]>()
  const watch = (run: AsRecorded): Observer => {
    const keep = (time: number) => found.set(time, [run.cell.totalUsed[0], run.cell.totalUsed[1]])
    return { advanced: (from) => keep(from), closed: () => keep(run.now) }
  }
  simulate(trace, recorded, (run) => (run instanceof AsRecorded ? [watch(run)] : []))
  assert.ok(expected.size > 10_000)
  for (const [time, amounts] of expected) assert.deepEqual(found.get(time) ?? 'no such instant', amounts, `at ${time}`)
})

/** The sum of requests that are scheduled after each instant, straight from the rows: time, , job, index, machine, event, … */
function curveOfRows(folder: string): Map<number, readonly [number, number]> {
  const [SUBMIT, SCHEDULE, EVICT, LOST, UPDATE_RUNNING] = [0, 1, 2, 6, 8]
  const folderOfRows = `${folder}/task_events`
  const rows = readdirSync(folderOfRows)
    .sort()
    .flatMap((name) =>
      gunzipSync(readFileSync(`${folderOfRows}/${name}`))
        .toString()
        .trim()
        .split('\n'),
    )
    .map((line) => line.split(','))
  const opening: (readonly [number, number])[] = []
  const changes: { readonly time: number; readonly cpu: number; readonly memory: number }[] = []
  const on = new Map<string, { readonly cpu: number; readonly memory: number }>()
  const seen = new Set<string>()
  for (const cells of rows) {
    const [time, event] = [Number(cells[0]), Number(cells[5])]
    const task = `${cells[2]}/${cells[3]}`
    const request = { cpu: Math.round(Number(cells[9]) * 1e9), memory: Math.round(Number(cells[10]) * 1e9) }
    const isOver = event >= EVICT && event <= LOST
    if (!seen.has(task) && (isOver || event === UPDATE_RUNNING)) {
      opening.push([request.cpu, request.memory])
      on.set(task, request)
    }
    seen.add(task)
    const held = on.get(task)
    if ((isOver || event === SCHEDULE || event === SUBMIT) && held) {
      changes.push({ time, cpu: -held.cpu, memory: -held.memory })
      on.delete(task)
    }
    if (event === SCHEDULE) {
      changes.push({ time, ...request })
      on.set(task, request)
    }
  }
  let cpu = opening.reduce((sum, [amount]) => sum + amount, 0)
  let memory = opening.reduce((sum, [, amount]) => sum + amount, 0)
  const curve = new Map<number, readonly [number, number]>()
  for (const change of changes) {
    cpu += change.cpu
    memory += change.memory
    curve.set(change.time, [cpu, memory])
  }
  return curve
}
