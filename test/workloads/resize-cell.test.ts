import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { NONE, type Trace } from '../../sim/index.ts'
import { resizeCell } from '../../workloads/resize-cell.ts'
import { checkLinks, MADE_MACHINES, madeRuns, madeTrace } from './made-trace.ts'
import { rejectsWith } from './rejects-with.ts'

const seed = fc.nat(1000)

/** What each machine is and does, by its id without the clone's number. */
const livesOf = ({ machines, machineEvents }: Trace): string[] =>
  machines.id.map((id, m) => {
    const events = Array.from(machineEvents.machine.keys()).filter((event) => machineEvents.machine[event] === m)
    const does = events.map((e) =>
      [machineEvents.time[e], machineEvents.kind[e], ...machineEvents.capacity.map((column) => column[e])].join(),
    )
    const is = [...machines.capacity.map((column) => column[m]), machines.devices[m], machines.model[m], machines.present[m]]
    return [id.replace(/#\d+$/, ''), is.join(), ...does].join(';')
  })

test('a subset is made of whole machines in their order, each with its events', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: MADE_MACHINES }), seed, (count, s) => {
      const trace = madeTrace([])
      const resized = resizeCell(trace, { count }, s)
      const all = livesOf(trace)
      const rows = livesOf(resized).map((life) => all.indexOf(life))
      assert.equal(rows.length, count)
      assert.ok(rows.every((row, i) => row >= 0 && (i === 0 || row > rows[i - 1])))
      assert.deepEqual(resizeCell(trace, { count }, s), resized)
    }),
  )
})

test('more than all: every machine as often as it goes, and a subset for the rest, under ids of their own', () => {
  const trace = madeTrace([])
  const resized = resizeCell(trace, { share: 2.5 }, 1)
  const all = livesOf(trace)
  assert.equal(resized.machines.count, 10)
  assert.equal(new Set(resized.machines.id).size, 10)
  assert.deepEqual(livesOf(resized).slice(0, 8), [...all, ...all])
  assert.ok(livesOf(resized).every((life) => all.includes(life)))
  const { time } = resized.machineEvents
  assert.ok(time.every((at, e) => e === 0 || time[e - 1] <= at))
})

test('all machines are the cell as it was', () => {
  fc.assert(
    fc.property(madeRuns, seed, (rows, s) => {
      const trace = madeTrace(rows)
      const { counts: _, ...same } = resizeCell(trace, { share: 1 }, s)
      const { counts: __, ...was } = trace
      assert.deepEqual(same, was)
    }),
  )
})

test('a task preplaced on a machine that stays is on it, on one that goes it has none', () => {
  fc.assert(
    fc.property(madeRuns, fc.integer({ min: 1, max: 7 }), seed, (rows, count, s) => {
      const trace = madeTrace(rows)
      const resized = resizeCell(trace, { count }, s)
      checkLinks(resized)
      for (let run = 0; run < trace.runs.count; run++) {
        const id = trace.machines.id[trace.runs.machine[run]]
        const now = resized.runs.machine[run]
        assert.equal(now === NONE ? undefined : resized.machines.id[now], resized.machines.id.includes(id) ? id : undefined)
        assert.equal(resized.runs.preplaced[run], trace.runs.preplaced[run])
      }
    }),
  )
})

test('every machine is as likely as any other', () => {
  const trace = madeTrace([])
  const chosen = new Map<string, number>()
  for (let s = 0; s < 2000; s++) for (const id of resizeCell(trace, { count: 2 }, s).machines.id) chosen.set(id, (chosen.get(id) ?? 0) + 1)
  for (const count of chosen.values()) assert.ok(Math.abs(count - 1000) < 120, `${count}`)
})

test('no machine at all is bad input', async () => {
  const resizing = (size: Parameters<typeof resizeCell>[1]) => Promise.resolve().then(() => resizeCell(madeTrace([]), size, 1))
  await rejectsWith(resizing({ count: 0 }), '', 'machines: 0 of 4 (a share above 0%, or a whole number from 1, would do)')
  await rejectsWith(resizing({ count: 1.5 }), '', /^machines: 1\.5 of 4/)
  await rejectsWith(resizing({ share: 0.05 }), '', /^machines: 5% of 4/)
  await rejectsWith(resizing({ share: Number.NaN }), '', /^machines: NaN% of 4/)
})
