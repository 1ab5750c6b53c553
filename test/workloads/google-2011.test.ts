import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { gunzipSync, gzipSync } from 'node:zlib'
import { ENDS, MACHINE_EVENTS, type Trace } from '../../sim/index.ts'
import { loadGoogle2011 } from '../../workloads/google-2011.ts'
import { readJobRows } from '../../workloads/google-2011-jobs.ts'
import { madeFolder } from './made-folder.ts'
import { realTrace } from './real-trace.ts'
import { rejectsWith } from './rejects-with.ts'

const MACHINES = ['0,5,0,x,0.5,0.25', '0,6,0,x,1,1'].join('\n')
const AFTER = '9223372036854775807'

/** time, task index, event type, and where needed a machine, priority, cpu, spread, or a job. */
interface Row {
  readonly machine?: string
  readonly priority?: number
  readonly cpu?: string
  readonly spread?: string
  readonly job?: string
  readonly user?: string
}

function row(time: number | string, index: number, kind: number, of: Row = {}): string {
  const { machine = '', priority = 0, cpu = '0.1', spread = '0', job = '77', user = 'ann' } = of
  return [time, '', job, index, machine, kind, user, 0, priority, cpu, '0.2', '0.3', spread].join()
}

function cell(tasks: readonly string[], files: Record<string, string | Uint8Array> = {}): string {
  return madeFolder({
    'task_events/part-00000-of-00001.csv': tasks.join('\n'),
    'machine_events/part-00000-of-00001.csv': MACHINES,
    ...files,
  })
}

const load = async (tasks: readonly string[], files: Record<string, string | Uint8Array> = {}) => loadGoogle2011(cell(tasks, files))

function runsOf({ runs, machines }: Trace): string[] {
  return Array.from(runs.task, (task, run) =>
    [
      `task ${task}`,
      runs.previous[run] < 0 ? `at ${runs.arrival[run]}` : `${runs.arrival[run]} after run ${runs.previous[run]}`,
      `for ${runs.runTime[run]}`,
      ENDS[runs.end[run]],
      ...(runs.preplaced[run] ? [`on ${machines.id[runs.machine[run]] ?? '?'}`] : []),
    ].join(', '),
  )
}

function recordedOf({ recorded, machines }: Trace): string[] {
  return Array.from(recorded.run, (run, i) => `${run} on ${machines.id[recorded.machine[i]] ?? '?'} ${recorded.from[i]}..${recorded.to[i]}`)
}

test('a job is its number, however it is written', async () => {
  const { tasks, jobs } = await load([
    row(100, 0, 0, { job: '77' }),
    row(101, 0, 1, { job: '0077', machine: '5' }),
    row(102, 1, 0, { job: '78' }),
  ])
  assert.deepEqual([jobs.id, tasks.count], [['77', '78'], 2])
})

test('a run is from SUBMIT to its end, its run time from its last SCHEDULE, evictions and all', async () => {
  const trace = await load([
    row(100, 0, 0),
    row(110, 0, 1, { machine: '5' }),
    row(120, 0, 2, { machine: '5' }),
    row(120, 0, 0),
    row(130, 0, 1, { machine: '6' }),
    row(190, 0, 4, { machine: '6' }),
  ])
  assert.deepEqual(runsOf(trace), ['task 0, at 100, for 60, finish'])
  assert.deepEqual(recordedOf(trace), ['0 on 5 110..120', '0 on 6 130..190'])
  assert.deepEqual([trace.start, trace.end], [100, 190])
})

test('a SUBMIT after an end is a rerun, which keeps its gap', async () => {
  const rows = [3, 4, 5, 6].flatMap((end, i) => [
    row(100 + 100 * i, 0, 0),
    row(110 + 100 * i, 0, 1, { machine: '5' }),
    row(150 + 100 * i, 0, end, { machine: '5' }),
  ])
  assert.deepEqual(runsOf(await load(rows)), [
    'task 0, at 100, for 40, fail',
    'task 0, 50 after run 0, for 40, finish',
    'task 0, 50 after run 1, for 40, kill',
    'task 0, 50 after run 2, for 40, kill',
  ])
})

test('a run without an end never ends, one never scheduled has no run time', async () => {
  const trace = await load([
    row(100, 0, 0),
    row(110, 0, 1, { machine: '5' }),
    row(120, 1, 0),
    row(125, 2, 0),
    row(130, 2, 5),
    row(140, 2, 0),
  ])
  assert.deepEqual(runsOf(trace), [
    'task 0, at 100, for Infinity, none',
    'task 1, at 120, for NaN, none',
    'task 2, at 125, for NaN, kill',
    'task 2, 10 after run 2, for NaN, none',
  ])
  assert.equal(trace.counts['never scheduled'], 3)
  assert.equal(trace.counts.censored, 1)
})

test('a task first seen ending or being evicted was on its machine at the opening', async () => {
  const trace = await load([
    row(100, 0, 4, { machine: '5' }),
    row(130, 1, 2, { machine: '6' }),
    row(130, 1, 0),
    row(140, 1, 1, { machine: '5' }),
    row(150, 1, 4, { machine: '5' }),
    row(160, 2, 5),
    row(170, 3, 2, { machine: '6' }),
    row(170, 3, 0),
    row(180, 3, 5),
  ])
  assert.deepEqual(runsOf(trace), [
    'task 0, at 100, for 0, finish, on 5',
    'task 1, at 100, for 10, finish, on 6',
    'task 2, at 100, for 60, kill, on ?',
    'task 3, at 100, for 80, kill, on 6',
  ])
  assert.deepEqual(recordedOf(trace), ['0 on 5 100..100', '1 on 6 100..130', '2 on ? 100..160', '3 on 6 100..170', '1 on 5 140..150'])
  assert.equal(trace.counts.preplaced, 4)
  assert.equal(trace.counts['preplaced, machine unknown'], 1)
})

test('a task preplaced on a machine that is not there at the opening queues; its record stays', async () => {
  const trace = await load([row(100, 0, 4, { machine: '9' })], { 'machine_events/part-00000-of-00001.csv': '0,5,0,x,1,1\n500,9,0,x,1,1' })
  assert.deepEqual(runsOf(trace), ['task 0, at 100, for 0, finish, on ?'])
  assert.deepEqual(recordedOf(trace), ['0 on 9 100..100'])
  assert.equal(trace.counts['preplaced, machine not in the cell'], 1)
})

test('a task first seen being scheduled was pending: it arrives at the opening', async () => {
  const trace = await load([row(100, 0, 0), row(150, 1, 1, { machine: '5' }), row(160, 1, 4, { machine: '5' })])
  assert.equal(runsOf(trace)[1], 'task 1, at 100, for 10, finish')
  assert.equal(trace.counts['pending at the opening'], 1)
})

test('time 0 is before the trace: SUBMIT and SCHEDULE then make a preplaced run, whose run time counts from the opening', async () => {
  const trace = await load([
    row(0, 0, 0),
    row(0, 0, 1, { machine: '5' }),
    row(0, 1, 0),
    row(600, 2, 0),
    row(650, 0, 4, { machine: '5' }),
    row(660, 1, 1, { machine: '6' }),
  ])
  assert.deepEqual([trace.start, trace.end], [600, 660])
  assert.deepEqual(runsOf(trace), [
    'task 0, at 600, for 50, finish, on 5',
    'task 1, at 600, for Infinity, none',
    'task 2, at 600, for NaN, none',
  ])
})

test('2^63 − 1 is after the end of the trace: the row is left out, and the run never ends', async () => {
  const trace = await load([row(100, 0, 0), row(110, 0, 1, { machine: '5' }), row(AFTER, 0, 4, { machine: '5' })])
  assert.deepEqual(runsOf(trace), ['task 0, at 100, for Infinity, none'])
  assert.deepEqual(trace.skipped, { 'task row after the end of the trace': 1 })
  assert.equal(trace.end, 110)
})

test('a change of request counts while pending, and is counted out while running', async () => {
  const trace = await load([
    row(100, 0, 0, { cpu: '0.1' }),
    row(105, 0, 7, { cpu: '0.4' }),
    row(110, 0, 1, { cpu: '0.4', machine: '5' }),
    row(115, 0, 8, { cpu: '0.9', machine: '5' }),
    row(120, 0, 4, { cpu: '0.9', machine: '5' }),
  ])
  assert.equal(trace.classes.count, 1)
  assert.equal(trace.classes.request[0][0], 400_000_000)
  assert.deepEqual(trace.skipped, { 'change of a running task’s request': 1 })
})

test('rows that a lost row left without sense are mended and counted', async () => {
  const trace = await load([
    row(100, 0, 0),
    row(110, 0, 1, { machine: '5' }),
    row(150, 0, 0), // its end was lost
    row(160, 0, 1, { machine: '5' }),
    row(170, 0, 4, { machine: '5' }),
    row(180, 0, 1, { machine: '6' }), // its SUBMIT was lost
    row(190, 0, 4, { machine: '6' }),
    row(195, 0, 4, { machine: '6' }),
  ])
  assert.deepEqual(runsOf(trace), [
    'task 0, at 100, for 40, kill',
    'task 0, 0 after run 0, for 10, finish',
    'task 0, 10 after run 1, for 10, finish',
  ])
  assert.equal(trace.counts['mended runs'], 2)
  assert.deepEqual(trace.skipped, { 'task row after the end of its run': 1 })
})

test('priorities 0-1 are free, 2-8 batch, 9-10 production, 11 monitoring', async () => {
  const { classes, tiers } = await load(Array.from({ length: 12 }, (_, priority) => row(100, priority, 0, { priority })))
  const tierOf = new Map(Array.from(classes.priority, (priority, c) => [priority, tiers[classes.tier[c]]]))
  assert.deepEqual(
    [0, 1, 2, 8, 9, 10, 11].map((priority) => tierOf.get(priority)),
    ['free', 'free', 'batch', 'batch', 'production', 'production', 'monitoring'],
  )
})

test('the different-machines restriction spreads the tasks of one job, not those of another', async () => {
  const { classes, runs } = await load(['1', '2'].map((job) => row(100, 0, 0, { job, spread: '1' })))
  assert.deepEqual(
    [...runs.class].map((c) => classes.spread[c]),
    [0, 1],
  )
})

test('parts are read in number order, and rows of one instant keep file and line order', async () => {
  const trace = await load([], {
    'task_events/part-00000-of-00001.csv': row(100, 0, 0),
    'task_events/part-00010-of-00500.csv.gz': gzipSync([row(200, 3, 0), row(150, 1, 0)].join('\n')),
    'task_events/part-00002-of-00500.csv': row(200, 2, 0),
  })
  assert.deepEqual(
    [...trace.runs.task].map((task) => trace.tasks.index[task]),
    [0, 1, 2, 3],
  )
})

test('a job whose task rows name no user has it from the job table', async () => {
  const trace = await load([row(100, 0, 0, { user: '' })], { 'job_events/part-00000-of-00500.csv': '90,,77,0,bob,1,n,l' })
  assert.equal(trace.users[trace.jobs.user[0]], 'bob')
  assert.equal(trace.counts['job rows'], 1)
})

test('machine rows make the cell of the opening, then its events, and those that change nothing are counted out', async () => {
  const trace = await load([row(100, 0, 0), row(200, 0, 5)], {
    'machine_events/part-00000-of-00001.csv': [
      '0,5,0,x,0.5,0.25',
      '0,6,0,x,1,1',
      '50,6,1,x,1,1',
      '60,5,2,x,0.75,0.25',
      '120,6,0,x,1,1',
      '130,5,2,x,0.75,0.25',
      '140,5,2,x,,',
      '150,5,1,x,,',
      '160,7,0,x,,',
      '300,8,0,x,1,0.5',
    ].join('\n'),
  })
  const { machines, machineEvents } = trace
  assert.deepEqual(machines.id, ['5', '6', '7', '8'])
  assert.deepEqual([...machines.present], [1, 0, 0, 0])
  assert.deepEqual([...machines.capacity[0]], [750_000_000, 1_000_000_000, 0, 1_000_000_000])
  assert.deepEqual(
    Array.from(
      machineEvents.time,
      (time, e) => `${time} ${MACHINE_EVENTS[machineEvents.kind[e]]} ${machines.id[machineEvents.machine[e]]}`,
    ),
    ['120 add 6', '150 remove 5'],
  )
  assert.deepEqual(trace.skipped, {
    'machine row that changes nothing': 2,
    'machine row without capacity': 1,
    'machine row after the window': 1,
  })
})

test('bad rows are named with their place', async () => {
  const bad = async (tasks: string[], message: string | RegExp, files: Record<string, string> = {}) => {
    const folder = cell(tasks, files)
    await rejectsWith(loadGoogle2011(folder), folder, message)
  }
  const file = 'task_events/part-00000-of-00001.csv'
  const machineFile = 'machine_events/part-00000-of-00001.csv'
  await bad([row(1, 0, 0), '1,2,3'], `${file}:2: too few columns: 3 (a task row has 13)`)
  await bad([row(1, 0, 0, { cpu: '-3' })], `${file}:1: negative CPU request: -3`)
  await bad([row(1, 0, 0, { cpu: 'NaN' })], `${file}:1: CPU request is not a number: "NaN"`)
  await bad([row(1, 0, 9)], `${file}:1: task event type out of range: 9 (from 0 to 8 would do)`)
  await bad([row(1, 0, 0, { priority: 12 })], `${file}:1: priority out of range: 12 (from 0 to 11 would do)`)
  await bad([row('9007199254740993', 0, 0)], `${file}:1: time is beyond 2^53, which cannot be held exactly: 9007199254740993`)
  await bad([row(1, 0, 0, { job: '9007199254740993' })], `${file}:1: job is beyond 2^53, which cannot be held exactly: 9007199254740993`)
  await bad([row('', 0, 0)], `${file}:1: time is not a whole number: nothing there`)
  await bad([row(-5, 0, 0)], /^task_events.*:1: time out of range: -5/)
  await bad([row(1, 0, 0)], `${machineFile}:1: negative memory capacity: -1`, { [machineFile]: '0,5,0,x,1,-1' })
  await bad([row(1, 0, 0)], `${machineFile}:1: too few columns: 3 (a machine row has 6)`, { [machineFile]: '0,5,0' })
  await bad([''], `${file}: empty file`)
  await bad([row(AFTER, 0, 0)], /no task row within the trace$/)
  await bad([row(1, 0, 0)], `${machineFile}: empty file`, { [machineFile]: '' })
  const jobFile = 'job_events/part-00000-of-00500.csv'
  await bad([row(1, 0, 0)], `${jobFile}:1: job is not a whole number: "x"`, { [jobFile]: '90,,x,0,bob,1,n,l' })
  await bad([row(1, 0, 0)], `${jobFile}:2: too few columns: 2 (a job row has at least 7)`, { [jobFile]: '90,,7,0,bob,1,n,l\n1,2' })
  const file2 = madeFolder({ 'a.csv': 'x' })
  await rejectsWith(
    loadGoogle2011(`${file2}/a.csv`),
    file2,
    'a.csv: a file where the folder with task_events and machine_events was expected',
  )
  await rejectsWith(loadGoogle2011(file2), file2, 'machine_events: no part-*.csv or part-*.csv.gz in it')
})

test('the job table comes as columns, a line of names passed over and users numbered', async () => {
  const folder = madeFolder({
    'jobs.csv': `time_us,missing_info,job_id,event_type,user,class,name\n0,,7,0,ann,1,n\n90,,8,1,bob,1,n\n${AFTER},,7,4,ann,1,n\n`,
  })
  const { time, job, kind, user, users } = await readJobRows([`${folder}/jobs.csv`])
  assert.deepEqual([...time], [0, 90, Number.POSITIVE_INFINITY])
  assert.deepEqual([...job], [7, 8, 7])
  assert.deepEqual([...kind], [0, 1, 4])
  assert.deepEqual(
    [...user].map((row) => users.text(row)),
    ['ann', 'bob', 'ann'],
  )
})

const real = realTrace('google-2011')
const whole = real.skip ? null : loadGoogle2011(real.path)

test('the public slice has the tasks, jobs, runs and machines that were counted by other means', { skip: real.skip }, async () => {
  const trace = await whole
  assert.deepEqual(trace?.counts, {
    'task rows': 77_776,
    'machine rows': 37_780,
    'job rows': 77_148,
    machines: 12_583,
    'machines at the opening': 12_476,
    jobs: 1_324,
    tasks: 25_006,
    runs: 30_903,
    'never scheduled': 44,
    preplaced: 7_117,
    'preplaced, machine unknown': 36,
    'preplaced, machine not in the cell': 1,
    'pending at the opening': 464,
    censored: 7_644,
    'mended runs': 0,
  })
  assert.deepEqual([trace?.start, trace?.end], [5_611_824_441, 10_622_388_150])
  assert.deepEqual(
    trace?.resources.map(({ constrains }) => constrains),
    [true, true, false],
  )
})

test('the record gives the allocation that a plain script over the event rows gives, at every instant', { skip: real.skip }, async () => {
  const trace = await whole
  assert.ok(trace)
  const rows = gunzipSync(readFileSync(`${real.path}/task_events/part-00001-of-00500.csv.gz`))
    .toString()
    .trimEnd()
    .split('\n')
  const expected = new Map<string, number>()
  const add = (curve: Map<string, number>, time: number, machine: string, units: number) => {
    const key = `${time}@${machine}`
    curve.set(key, (curve.get(key) ?? 0) + units)
  }
  const seen = new Set<string>()
  const placed = new Map<string, string>()
  for (const line of rows) {
    const [time, , job, index, machine, kind, , , , cpu] = line.split(',')
    const task = `${job}/${index}`
    const units = Math.round(Number(cpu) * 1e9)
    if (kind === '1') {
      add(expected, Number(time), machine, units)
      placed.set(task, machine)
    } else if (kind >= '2' && kind <= '6') {
      if (!seen.has(task)) add(expected, trace.start, machine, units)
      // 5,091 of the kills of tasks that were scheduled within the slice name no machine.
      if (!seen.has(task) || placed.has(task)) add(expected, Number(time), placed.get(task) ?? machine, -units)
      placed.delete(task)
    }
    seen.add(task)
  }
  const { recorded, runs, classes, machines } = trace
  const actual = new Map<string, number>()
  for (let i = 0; i < recorded.count; i++) {
    const units = classes.request[0][runs.class[recorded.run[i]]]
    const machine = machines.id[recorded.machine[i]] ?? ''
    add(actual, recorded.from[i], machine, units)
    if (recorded.to[i] !== Number.POSITIVE_INFINITY) add(actual, recorded.to[i], machine, -units)
  }
  assert.equal(actual.size, expected.size)
  for (const [key, units] of expected) assert.equal(actual.get(key), units, key)
})

test('every request and capacity of the public slice is exact in its unit', { skip: real.skip }, async () => {
  const trace = await whole
  assert.ok(trace)
  const lines = gunzipSync(readFileSync(`${real.path}/task_events/part-00001-of-00500.csv.gz`))
    .toString()
    .trimEnd()
    .split('\n')
  const sizes = new Set(lines.map((line) => line.split(',')).flatMap((cells) => [cells[9], cells[10]]))
  for (const size of sizes) assert.ok(Math.abs(Math.round(Number(size) * 1e9) / 1e9 - Number(size)) <= Number.EPSILON, size)
})
