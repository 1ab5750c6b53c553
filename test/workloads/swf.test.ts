import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ENDS } from '../../sim/index.ts'
import { loadSwf } from '../../workloads/swf.ts'
import { madeFolder } from './made-folder.ts'
import { checkLinks } from './made-trace.ts'
import { realTrace } from './real-trace.ts'
import { rejectsWith } from './rejects-with.ts'

const HEADER = '; Version: 2.2\n; MaxNodes: 3\n; MaxProcs: 7\n;\n'
const job = (first: string) => `${first} -1 -1 -1 -1 -1 -1`

function fileOf(content: string): { folder: string; file: string } {
  const folder = madeFolder({ 'log.swf': content })
  return { folder, file: `${folder}/log.swf` }
}

test('a job is one task a processor, on the machines of the header', async () => {
  const { file } = fileOf(
    [
      `${HEADER}${job('1 0 5 60 2 -1 -1 4 -1 -1 1 7')}`,
      job('2 10 -1 60 -1 -1 -1 1 -1 2048 0 8'),
      job('3 20 0 1.5 1 -1 512 1 -1 -1 5 8'),
      job('4 30 0 -1 1 -1 -1 1 -1 -1 1 8'),
      job('8 30 0 -7 1 -1 -1 1 -1 -1 1 8'),
      job('5 30 0 9 -1 -1 -1 -1 -1 -1 1 8'),
      job('6 30 0 9 1 -1 -1 -1 -1 -1 2 8'),
      job('7 40 0 9 1 -1 -1 -1 -1 -1 -1 -1'),
    ].join('\n'),
  )
  const trace = await loadSwf(file)
  const { runs, tasks, jobs, classes, machines, recorded } = trace
  assert.deepEqual([...machines.capacity[0]], [3000, 2000, 2000])
  assert.deepEqual(
    [...tasks.job].map((row, task) => `${jobs.id[row]}/${tasks.index[task]}`),
    ['1/0', '1/1', '2/0', '3/0', '7/0'],
  )
  assert.deepEqual(
    [...runs.end].map((end) => ENDS[end]),
    ['finish', 'finish', 'fail', 'kill', 'finish'],
  )
  assert.deepEqual([...runs.runTime], [60e6, 60e6, 60e6, 1.5e6, 9e6])
  assert.deepEqual(
    [...runs.class].map((row) => classes.request[1][row]),
    [0, 0, 2048, 512, 0],
  )
  assert.deepEqual([...recorded.from], [5e6, 5e6, 20e6, 40e6])
  assert.deepEqual(trace.users, ['7', '8', ''])
  assert.deepEqual(trace.skipped, {
    'run time unknown, 0 or negative': 2,
    'no processors': 1,
    'partial execution of a job that has its own row': 1,
  })
  assert.equal(trace.counts['jobs of unknown status, taken as finished'], 1)
  assert.deepEqual(
    trace.resources.map(({ constrains }) => constrains),
    [true, false],
  )
  checkLinks(trace)
})

test('machines and shape may be given instead', async () => {
  const { file } = fileOf(job('1 0 5 60 2 -1 -1 4 -1 -1 1 7'))
  const { machines } = await loadSwf(file, { machines: 2, shape: 'cpu=2,memory=1' })
  assert.deepEqual(
    machines.capacity.map((column) => [...column]),
    [
      [2000, 2000],
      [1048576, 1048576],
    ],
  )
})

test('bad input is named with its value and place', async () => {
  const bad = async (content: string, message: string) => {
    const { folder, file } = fileOf(content)
    await rejectsWith(loadSwf(file), folder, message)
  }
  await bad(`${HEADER}1 2 3\n`, 'log.swf:5: too few columns: 3 (a job row has 18)')
  await bad(
    `${HEADER}${job('1 -5 5 60 2 -1 -1 4 -1 -1 1 7')}`,
    'log.swf:5: submit time out of range: -5 (from 0 to 1099511627776 would do)',
  )
  await bad(`${HEADER}${job('1 0 5 x 2 -1 -1 4 -1 -1 1 7')}`, 'log.swf:5: run time is not a number: x')
  await bad(`${HEADER}${job('1 0 -5 7 2 -1 -1 4 -1 -1 1 7')}`, 'log.swf:5: negative wait time: -5 (-1 means unknown)')
  await bad(
    job('1 0 5 60 2 -1 -1 4 -1 -1 1 7'),
    'log.swf: the header does not say how many nodes and processors (give --machines 120 --shape cpu=2)',
  )
  await bad(HEADER, 'log.swf: no usable job in it')
})

const nasa = realTrace('pwa-swf/NASA-iPSC-1993-3.1-cln.swf.gz')

test('every job of a public log is read or counted out', { skip: nasa.skip }, async () => {
  const trace = await loadSwf(nasa.path)
  assert.deepEqual([trace.counts['job rows'], trace.counts.jobs, trace.skipped['run time unknown, 0 or negative']], [18_239, 18_066, 173])
  assert.equal(trace.machines.count, 128)
})
