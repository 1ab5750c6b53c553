import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { ENDS, MACHINE_EVENTS, type Trace } from '../../sim/index.ts'
import { loadCsv } from '../../workloads/csv.ts'
import { csvOf, writeCsv } from '../../workloads/write-csv.ts'
import { madeFolder } from './made-folder.ts'
import { checkLinks, madeRuns, madeTrace, runsInWords } from './made-trace.ts'
import { rejectsWith } from './rejects-with.ts'

const MACHINES = `id,cpu,memory,gpus,model
rack1-a,64,256,,
rack1-b,64,256,,
rack2-a,96,512,8,V100
`
const TASKS = `job,index,user,tier,priority,cpu,memory,gpus,gpu_milli,models,arrival_s,run_s,end
web,0,ann,production,9,4,16,,,,0,,
web,1,ann,production,9,4,16,,,,0,,
train,0,bob,batch,2,12,64,4,1000,V100|A100,60,3600,finish
notebook,0,bob,free,0,1,4,1,250,,90.5,1800,kill
`

test('the example of the documentation says what the documentation says', async () => {
  const trace = await loadCsv(madeFolder({ 'machines.csv': MACHINES, 'tasks.csv': TASKS }))
  const { classes, runs } = trace
  assert.deepEqual(
    trace.resources.map(({ name, constrains }) => `${name} ${constrains}`),
    ['cpu true', 'memory true', 'gpu true'],
  )
  assert.deepEqual(trace.tiers, ['free', 'batch', 'production'])
  assert.deepEqual(
    trace.machines.capacity.map((column) => column[2]),
    [96_000, 512 * 1024, 8000],
  )
  assert.deepEqual(
    [...runs.class].map((row) => classes.request.map((column) => column[row])),
    [
      [4000, 16 * 1024, 0],
      [4000, 16 * 1024, 0],
      [12_000, 64 * 1024, 4000],
      [1000, 4 * 1024, 250],
    ],
  )
  assert.deepEqual([...runs.arrival], [0, 0, 60e6, 90.5e6])
  assert.deepEqual([...runs.runTime], [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, 3600e6, 1800e6])
  assert.deepEqual(
    [...runs.end].map((end) => ENDS[end]),
    ['none', 'none', 'finish', 'kill'],
  )
  assert.deepEqual(
    classes.models.map((rows) => rows?.map((row) => trace.models[row]).sort()),
    [undefined, ['A100', 'V100'], undefined],
  )
  assert.deepEqual([trace.start, trace.end], [0, 90.5e6])
  checkLinks(trace)
})

test('quoted cells, gzip, any order of columns and named resources', async () => {
  const folder = madeFolder({
    'machines.csv.gz': gzipSync('extended.licence,memory,id,cpu\n2,1,"a ""b"", c",1\n'),
    'trace.json.gz': gzipSync('{"end_s":60}'),
    'tasks.csv': 'arrival_s,job,memory,cpu,extended.licence\n0,"x\ny",0.5,0.25,1\n0,"x\ny",0.5,0.25,1\n',
  })
  const trace = await loadCsv(folder)
  assert.deepEqual(trace.machines.id, ['a "b", c'])
  assert.deepEqual(
    trace.resources.map(({ name }) => name),
    ['cpu', 'memory', 'licence'],
  )
  assert.deepEqual(
    trace.jobs.request.map((column) => [...column]),
    [[500], [1024], [2000]],
  )
  assert.deepEqual([...trace.tasks.index], [0, 1])
  assert.equal(trace.end, 60e6)
})

test('a second row of a task is its next run, after a gap', async () => {
  const tasks = 'job,index,cpu,memory,arrival_s,run_s\na,0,1,1,5,10\na,0,1,1,2.5,20\n'
  const { runs, tasks: table } = await loadCsv(madeFolder({ 'machines.csv': MACHINES, 'tasks.csv': tasks }))
  assert.equal(table.count, 1)
  assert.deepEqual([...runs.arrival], [5e6, 2.5e6])
  assert.deepEqual([...runs.previous], [-1, 0])
})

test('machines join and leave', async () => {
  const folder = madeFolder({
    'machines.csv': 'id,cpu,memory,added_s,removed_s\na,1,1,,\nb,1,1,10,20\nc,1,1,,\n',
    'machine_events.csv': 'time_s,event,id,cpu,memory\n7,remove,c,,\n3,add,c,2,1\n3,update,a,2,4\n',
    'tasks.csv': TASKS,
  })
  const { machines, machineEvents } = await loadCsv(folder)
  assert.deepEqual([...machines.present], [1, 0, 0])
  assert.deepEqual(
    Array.from(machineEvents.machine, (machine, e) =>
      [machineEvents.time[e] / 1e6, MACHINE_EVENTS[machineEvents.kind[e]], machines.id[machine], machineEvents.capacity[0][e]].join(' '),
    ),
    ['3 add c 2000', '3 update a 2000', '7 remove c 1000', '10 add b 1000', '20 remove b 1000'],
  )
})

const machinesInWords = ({ machines, machineEvents, models }: Trace) => [
  ...machines.id.map((id, m) =>
    [id, ...machines.capacity.map((column) => column[m]), machines.devices[m], models[machines.model[m]], machines.present[m]].join(),
  ),
  ...Array.from(machineEvents.time, (time, e) =>
    [time, machineEvents.kind[e], machines.id[machineEvents.machine[e]], ...machineEvents.capacity.map((column) => column[e])].join(),
  ).sort(),
]

test('what is written and read back is the same replay', async () => {
  await fc.assert(
    fc.asyncProperty(madeRuns, async (rows) => {
      const trace = madeTrace(rows)
      const folder = madeFolder({})
      await writeCsv(folder, csvOf(trace))
      const back = await loadCsv(folder)
      assert.deepEqual(runsInWords(back), runsInWords(trace))
      assert.deepEqual(machinesInWords(back), machinesInWords(trace))
      assert.deepEqual([back.end, back.tiers], [trace.end - trace.start, trace.tiers])
      assert.deepEqual(back.resources, trace.resources)
      checkLinks(back)
      assert.ok(!existsSync(`${folder}/tasks.csv.part`))
    }),
    { numRuns: 30 },
  )
})

test('bad input is named with its value and place', async () => {
  const machines = (content: string) => ({ 'machines.csv': content, 'tasks.csv': TASKS })
  const tasks = (line: string) => ({
    'machines.csv': MACHINES,
    'tasks.csv': `job,cpu,memory,arrival_s,run_s,end,different_machines,preplaced,tier\n${line}`,
  })
  const events = (line: string) => ({ ...machines(MACHINES), 'machine_events.csv': `time_s,event,id\n${line}` })
  const cases: [Record<string, string>, string | RegExp][] = [
    [{}, 'machines.csv: no such file, nor machines.csv.gz'],
    [{ 'machines.csv': MACHINES }, 'tasks.csv: no such file, nor tasks.csv.gz'],
    [machines(''), 'machines.csv: empty file'],
    [machines('id,cpu\na,1\n'), 'machines.csv:1: no column memory (the header has id, cpu)'],
    [machines('id,cpu,memory,gpu\na,1,1,1\n'), 'machines.csv:1: unknown column: gpu'],
    [machines('id,cpu,memory\na,1,1\nb,1\n'), 'machines.csv:3: too few columns: 2 (the header has 3)'],
    [machines('id,cpu,memory\na,1,1\nb,1,1,1\n'), 'machines.csv:3: too many columns: 4 (the header has 3)'],
    [machines('id,cpu,memory\na,1,1\nb,1,1\na,1,1\n'), 'machines.csv:4: duplicate machine: a'],
    [machines('id,cpu,memory\n,1,1\n'), 'machines.csv:2: not a machine id: nothing there'],
    [machines('id,cpu,memory\na,-1,1\n'), 'machines.csv:2: negative cpu capacity: -1'],
    [machines('id,cpu,memory\n"a,1,1\n'), /^machines\.csv: Quote Not Closed/],
    [machines('id,cpu,memory,gpus\na,1,1,33\n'), 'machines.csv:2: number of GPUs out of range: 33 (from 0 to 32 would do)'],
    [machines('id,cpu,memory,added_s,removed_s\na,1,1,5,5\n'), 'machines.csv:2: removed_s 5 is not after added_s 5'],
    [events('1,vanish,rack1-a\n'), 'machine_events.csv:2: unknown machine event: vanish (have remove, add, update)'],
    [events('1,remove,rack1-a\n2,remove,x\n'), 'machine_events.csv:3: machine that machines.csv lacks: x'],
    [tasks('a,-3,1,0,1,,,,\n'), 'tasks.csv:2: negative cpu request: -3'],
    [tasks('a,1,NaN,0,1,,,,\n'), 'tasks.csv:2: memory request is not a number: "NaN"'],
    [tasks('a,1,1,-1,1,,,,\n'), 'tasks.csv:2: negative arrival_s: -1'],
    [tasks('a,1,1,,1,,,,\n'), 'tasks.csv:2: arrival_s is not a number: nothing there'],
    [tasks('a,1,1,0,-1,,,,\n'), 'tasks.csv:2: negative run_s: -1'],
    [tasks('a,1,1,1e10,1,,,,\n'), 'tasks.csv:2: arrival_s in microseconds is beyond 2^53, which cannot be held exactly: 10000000000000000'],
    [tasks('a,1,1,0,1,vanish,,,\n'), 'tasks.csv:2: unknown end: vanish (have finish, fail, kill, none)'],
    [tasks('a,1,1,0,,finish,,,\n'), 'tasks.csv:2: end finish without run_s: a run without run_s never ends'],
    [tasks('a,1,1,0,1,none,,,\n'), 'tasks.csv:2: end none with run_s 1: leave run_s empty for a run that never ends'],
    [tasks('a,1,1,0,1,,yes,,\n'), 'tasks.csv:2: different_machines is yes (0 or 1 would do)'],
    [tasks('a,1,1,0,1,,,x,\n'), 'tasks.csv:2: preplaced on a machine that machines.csv lacks: x (? where it is not known)'],
    [
      { ...tasks('a,1,1,0,1,,,x,\n'), 'machines.csv': 'id,cpu,memory,added_s\nx,1,1,5\n' },
      'tasks.csv:2: preplaced on a machine that is not there at the opening: x (? lets it queue)',
    ],
    [{ ...tasks('a,1,1,0,1,,,,gold\n'), 'trace.json': '{"tiers":["free"]}' }, 'tasks.csv:2: unknown tier: gold (trace.json has free)'],
    [{ ...machines(MACHINES), 'trace.json': '{' }, /^trace\.json: not JSON: /],
    [{ ...machines(MACHINES), 'trace.json': '{"end_s":-1}' }, /^trace\.json: end_s: /],
  ]
  for (const [files, message] of cases) {
    const folder = madeFolder(files)
    await rejectsWith(loadCsv(folder), folder, message)
  }
})

test('a request larger than any machine is no error', async () => {
  const tasks = 'job,cpu,memory,arrival_s\na,1000000,1,0\n'
  const trace = await loadCsv(madeFolder({ 'machines.csv': MACHINES, 'tasks.csv': tasks }))
  assert.equal(trace.runs.count, 1)
})
