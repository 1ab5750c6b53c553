import assert from 'node:assert/strict'
import { test } from 'node:test'
import { loadPhilly } from '../../workloads/philly.ts'
import { madeFolder } from './made-folder.ts'
import { checkLinks } from './made-trace.ts'
import { realTrace } from './real-trace.ts'
import { rejectsWith } from './rejects-with.ts'

const MACHINES = ',machineId,number of GPUs\n0,m0,8\n1,m1,2\n'
const HEADER = 'timestamp,duration,num_gpus,gpu_time,cluster\n'
const folderOf = (jobs: string, machines = MACHINES) => madeFolder({ 'philly_jobs.csv': jobs, 'revised_machine_list.csv': machines })

test('jobs come in order of time, and those of more than 8 GPUs in tasks of at most 8', async () => {
  const trace = await loadPhilly(
    folderOf(
      `${HEADER}2017-10-31 23:59:59,10.0,1,10.0,blue\n2017-10-30 23:59:58,20.0,20,400.0,red\n2017-11-01 00:00:00,1.5,8,12.0,blue\n2017-11-02 00:00:00,-1.5,8,12.0,blue\n`,
    ),
  )
  const { runs, tasks, jobs, classes } = trace
  assert.deepEqual([...runs.arrival], [0, 0, 0, 86_401e6, 86_402e6])
  assert.deepEqual(
    [...runs.class].map((row) => classes.devices[row]),
    [8, 8, 4, 1, 8],
  )
  assert.deepEqual(
    [...tasks.job].map((job) => jobs.id[job]),
    ['2', '2', '2', '1', '3'],
  )
  assert.deepEqual(
    [...jobs.user].map((user) => trace.users[user]),
    ['red', 'blue', 'blue'],
  )
  assert.deepEqual([...jobs.request[0]], [20_000, 1000, 8000])
  assert.equal(runs.runTime[4], 1.5e6)
  assert.equal(trace.counts['jobs split into tasks of at most 8 GPUs'], 1)
  assert.deepEqual(trace.skipped, { 'job that ends before it starts': 1 })
  checkLinks(trace)
})

test('bad input is named with its value and place', async () => {
  const bad = async (line: string, message: string, machines = MACHINES) => {
    const folder = folderOf(HEADER + line, machines)
    await rejectsWith(loadPhilly(folder), folder, message)
  }
  await bad('2017-10-31,1,1,1,x\n', 'philly_jobs.csv:2: timestamp is not like 2017-10-09 06:13:03: 2017-10-31')
  await bad('2017-10-31 00:00:00,NaN,1,1,x\n', 'philly_jobs.csv:2: duration is not a number: "NaN"')
  await bad('2017-10-31 00:00:00,1,0,1,x\n', 'philly_jobs.csv:2: number of GPUs out of range: 0 (from 1 to 1000000 would do)')
  await bad('2017-10-31 00:00:00,1\n', 'philly_jobs.csv:2: too few columns: 2 (the header has 5)')
  await bad('', 'revised_machine_list.csv:3: duplicate machine: m0', ',machineId,number of GPUs\n0,m0,8\n1,m0,8\n')
  await bad('', '.: no job in philly_jobs.csv')
})

const real = realTrace('philly')

test('the public list has the jobs and machines that were counted by other means', { skip: real.skip }, async () => {
  const trace = await loadPhilly(real.path)
  assert.deepEqual(trace.counts, {
    'task rows': 63_584,
    'machine rows': 552,
    machines: 552,
    GPUs: 3_205,
    jobs: 63_584,
    'jobs split into tasks of at most 8 GPUs': 270,
    tasks: 64_073,
    runs: 64_073,
  })
  assert.equal(trace.users.length, 12)
})
