import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ENDS } from '../../sim/index.ts'
import { loadAlibaba2017 } from '../../workloads/alibaba-2017.ts'
import { madeFolder } from './made-folder.ts'
import { checkLinks } from './made-trace.ts'
import { realTrace } from './real-trace.ts'
import { rejectsWith } from './rejects-with.ts'

const CELL = { machines: 3, shape: 'cpu=64,memory=1' }

test('each instance is a task, numbered on within its job', async () => {
  const trace = await loadAlibaba2017(
    madeFolder({
      'batch_task.csv': `task_create_time, task_end_time, job_id, task_id, instances, status, cpu, memory
100,160,3,4,2,Terminated,50,0.007956928
110,120,3,5,1,Failed,100,0.5
120,0,4,1,2,Running,100,0.5
130,140,4,2,1,Waiting,100,0.5
130,120,5,1,9,Terminated,100,0.5
130,0,5,1,9,Terminated,100,0.5
-1,120,5,1,9,Terminated,100,0.5
130,140,5,1,9,Terminated,,
`,
    }),
    CELL,
  )
  const { tasks, runs, classes, jobs, machines } = trace
  assert.deepEqual(
    [...tasks.job].map((job, task) => `${jobs.id[job]}/${tasks.index[task]}`),
    ['3/0', '3/1', '3/2', '4/0', '4/1', '4/2'],
  )
  assert.deepEqual([...runs.arrival], [100e6, 100e6, 110e6, 120e6, 120e6, 130e6])
  assert.deepEqual([...runs.runTime], [60e6, 60e6, 10e6, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, Number.NaN])
  assert.deepEqual(
    [...runs.end].map((end) => ENDS[end]),
    ['finish', 'finish', 'fail', 'none', 'none', 'none'],
  )
  assert.deepEqual(
    classes.request.map((column) => column[0]),
    [500, 7_956_928],
  )
  assert.deepEqual(
    machines.capacity.map((column) => [...column]),
    [
      [64_000, 64_000, 64_000],
      [1e9, 1e9, 1e9],
    ],
  )
  assert.deepEqual(trace.skipped, { 'end before start': 1, 'no end time': 1, 'negative create time': 1, 'no CPU or memory request': 1 })
  checkLinks(trace)
})

test('without machines and shape it says what to give, and a bad shape is named', async () => {
  const folder = madeFolder({ 'batch_task.csv': '100,160,3,4,2,Terminated,50,0.5\n' })
  const file = `${folder}/batch_task.csv`
  await rejectsWith(
    loadAlibaba2017(file),
    folder,
    'batch_task.csv: this trace has no machines: give machines and shape, such as --machines 1300 --shape cpu=64,memory=1',
  )
  const shaped = (shape: string) => loadAlibaba2017(file, { machines: 1, shape })
  await rejectsWith(shaped('cores=64'), folder, 'shape cores=64: unknown resource: cores (have cpu, memory)')
  await rejectsWith(shaped('cpu='), folder, 'shape cpu=: bad amount of cpu: nothing there (a number above 0 would do)')
  await rejectsWith(shaped('cpu=-1'), folder, 'shape cpu=-1: bad amount of cpu: -1 (a number above 0 would do)')
  await rejectsWith(loadAlibaba2017(file, { machines: 0, shape: 'cpu=1' }), folder, 'machines: 0 (a whole number from 1 would do)')
})

test('bad rows are named with their place', async () => {
  const bad = async (line: string, message: string) => {
    const folder = madeFolder({ 'batch_task.csv': `100,160,3,4,2,Terminated,50,0.5\n${line}\n` })
    await rejectsWith(loadAlibaba2017(folder, CELL), folder, message)
  }
  await bad('1,2,3', 'batch_task.csv:2: too few columns: 3 (a task row has 8)')
  await bad('1,2,3,4,1,Terminated,-50,0.5', 'batch_task.csv:2: negative CPU request: -50')
  await bad(
    '9007199254740993,2,3,4,1,Terminated,50,0.5',
    'batch_task.csv:2: create time is beyond 2^53, which cannot be held exactly: 9007199254740993',
  )
})

const real = realTrace('alibaba-v2017')
const slow = process.env.STOWAGE_SLOW_TESTS ? real.skip : real.skip || 'eleven million tasks: set STOWAGE_SLOW_TESTS=1 to run'

test('every row of the public trace is read or counted out', { skip: slow }, async () => {
  const trace = await loadAlibaba2017(real.path, { machines: 1300, shape: 'cpu=64,memory=1' })
  assert.equal(trace.counts['task rows'], 80_553)
  assert.equal(trace.counts.tasks, 10_980_280)
  assert.deepEqual(trace.skipped, { 'no CPU or memory request': 9_016, 'negative create time': 167, 'end before start': 1 })
})
