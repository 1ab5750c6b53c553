import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ENDS } from '../../sim/index.ts'
import { loadAlibabaGpu2023 } from '../../workloads/alibaba-gpu-2023.ts'
import { madeFolder } from './made-folder.ts'
import { checkLinks } from './made-trace.ts'
import { realTrace } from './real-trace.ts'
import { rejectsWith } from './rejects-with.ts'

const NODES = 'sn,cpu_milli,memory_mib,gpu,model\nn0,32000,262144,0,\nn1,64000,262144,8,V100M32\n'
const HEADER = 'name,cpu_milli,memory_mib,num_gpu,gpu_milli,gpu_spec,qos,pod_phase,creation_time,deletion_time,scheduled_time\n'

function folderOf(tasks: string, machines = NODES): string {
  return madeFolder({ 'openb_node_list_all_node.csv': machines, 'openb_pod_list_default.csv': tasks })
}

test('times, ends, tiers, devices and models come through', async () => {
  const trace = await loadAlibabaGpu2023(
    folderOf(
      `${HEADER}p0,6000,12288,1,460,,LS,Running,10,30,12
p1,6000,12288,1,460,,LS,Running,11,12902960,12
p2,6000,12288,8,1000,V100M16|V100M32,BE,Failed,12,20,14
p3,1,2,0,0,,Guaranteed,Succeeded,13,20,14
p4,1,2,0,0,,Burstable,Pending,14,20,
p5,1,2,0,0,,Burstable,Running,14,13,
`,
    ),
  )
  const { runs, classes, recorded } = trace
  assert.deepEqual([...runs.runTime], [18e6, Number.POSITIVE_INFINITY, 6e6, 6e6, Number.NaN])
  assert.deepEqual(
    [...runs.end].map((end) => ENDS[end]),
    ['kill', 'none', 'fail', 'finish', 'kill'],
  )
  assert.deepEqual([...runs.arrival], [10e6, 11e6, 12e6, 13e6, 14e6])
  assert.deepEqual(
    [...runs.class].map((row) => trace.tiers[classes.tier[row]]),
    ['LS', 'LS', 'BE', 'Guaranteed', 'Burstable'],
  )
  assert.deepEqual([...classes.request[2]], [460, 8000, 0, 0])
  assert.deepEqual(
    classes.models.map((rows) => rows?.map((row) => trace.models[row]).sort() ?? null),
    [null, ['V100M16', 'V100M32'], null, null],
  )
  assert.deepEqual([...recorded.from], [12e6, 12e6, 14e6, 14e6])
  assert.deepEqual(trace.skipped, { 'task that ends before it starts': 1 })
  assert.deepEqual([trace.start, trace.end], [10e6, 12_902_960e6])
  checkLinks(trace)
})

test('a list of five columns has no times: all arrive at once, in row order, and never end', async () => {
  const trace = await loadAlibabaGpu2023(folderOf('name,cpu_milli,memory_mib,num_gpu,gpu_milli\np0,1,1,1,1000\np1,1,1,0,0\n'))
  assert.deepEqual([...trace.runs.arrival], [0, 0])
  assert.deepEqual([...trace.runs.runTime], [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY])
  assert.equal(trace.counts['tasks without times, which never end'], 2)
  // A second in which shares of the cell can be measured.
  assert.deepEqual([trace.start, trace.end], [0, 1e6])
})

test('bad input is named with its value and place', async () => {
  const bad = async (tasks: string, message: string, machines = NODES) => {
    const folder = folderOf(tasks, machines)
    await rejectsWith(loadAlibabaGpu2023(folder), folder, message)
  }
  const nodes = 'openb_node_list_all_node.csv'
  const pods = 'openb_pod_list_default.csv'
  await bad(HEADER, `${nodes}:3: duplicate machine: n0`, 'sn,cpu_milli,memory_mib,gpu,model\nn0,1,1,0,\nn0,1,1,0,\n')
  await bad(HEADER, `${nodes}:1: no column model (the header has sn, cpu_milli, memory_mib, gpu)`, 'sn,cpu_milli,memory_mib,gpu\n')
  await bad(`${HEADER}p0,1,1\n`, `${pods}:2: too few columns: 3 (the header has 11)`)
  await bad(`${HEADER}p0,-1,1,0,0,,LS,Failed,1,2,1\n`, `${pods}:2: negative CPU request: -1`)
  await bad(`${HEADER}p0,1,1,1,1001,,LS,Failed,1,2,1\n`, `${pods}:2: milli-GPU out of range: 1001 (from 0 to 1000 would do)`)
  await bad(`${HEADER}p0,1,1,0,0,,XX,Failed,1,2,1\n`, `${pods}:2: unknown qos: XX (have BE, Burstable, LS, Guaranteed)`)
  const folder = folderOf(HEADER)
  await rejectsWith(
    loadAlibabaGpu2023(folder, { tasksFile: 'openb_pod_list_x' }),
    folder,
    'openb_pod_list_x.csv: no such file, nor openb_pod_list_x.csv.gz',
  )
})

const real = realTrace('alibaba-gpu-v2023')

test('the public trace has the machines, GPUs and tasks that were counted by other means', { skip: real.skip }, async () => {
  const trace = await loadAlibabaGpu2023(real.path)
  assert.deepEqual(trace.counts, {
    'task rows': 8_152,
    'machine rows': 1_523,
    machines: 1_523,
    GPUs: 6_212,
    jobs: 8_152,
    tasks: 8_152,
    runs: 8_152,
    'never scheduled': 897,
    censored: 34,
  })
  assert.equal(trace.recorded.count, 7_255)
  assert.equal(
    trace.machines.capacity[0].reduce((sum, cpu) => sum + cpu, 0),
    125_514_000,
  )
  // At most so many at once, by the recorded times.
  const changes = [...trace.recorded.from].map((time) => [time, 1]).concat([...trace.recorded.to].map((time) => [time, -1]))
  changes.sort((a, b) => a[0] - b[0] || a[1] - b[1])
  let alive = 0
  let most = 0
  for (const [, change] of changes) {
    alive += change
    most = Math.max(most, alive)
  }
  assert.equal(most, 56)
})

test('other lists may be named, with or without their endings', { skip: real.skip }, async () => {
  const trace = await loadAlibabaGpu2023(real.path, {
    machinesFile: 'openb_node_list_gpu_node.csv.gz',
    tasksFile: 'openb_pod_list_multigpu20',
  })
  assert.deepEqual([trace.machines.count, trace.tasks.count], [1_213, 8_324])
})
