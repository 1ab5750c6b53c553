import benny from 'benny'
import FastPriorityQueue from 'fastpriorityqueue'
import { overcommitPolicies, packingPolicies, parsePolicy } from '../policies/index.ts'
import { Allocator, Cell, EventQueue, KINDS, NONE, type PackingPolicy, randomStream, type Trace } from '../sim/index.ts'
import { generateTrace } from '../workloads/index.ts'

/** The hot paths by themselves, with benny: the event queue beside `fastpriorityqueue`, and a packing decision by policy. `npm run bench`. */
const PENDING = 100_000
const MACHINES = 5000

await eventQueue()
await packing()

/** Hold model: take the first of 100,000 pending events, put in another one later. */
async function eventQueue(): Promise<void> {
  interface Event {
    readonly time: number
    readonly sequence: number
  }
  const draw = randomStream(1, 'bench')
  const ours = new EventQueue()
  const theirs = new FastPriorityQueue<Event>((a, b) => a.time < b.time || (a.time === b.time && a.sequence < b.sequence))
  let sequence = 0
  for (; sequence < PENDING; sequence++) {
    const time = draw()
    ours.push(time, KINDS.end, sequence, sequence)
    theirs.add({ time, sequence })
  }
  await benny.suite(
    `event queue, ${PENDING} pending`,
    benny.add('stowage', () => {
      const time = ours.firstTime
      ours.pop()
      ours.push(time + draw(), KINDS.end, sequence, sequence++)
    }),
    benny.add('fastpriorityqueue', () => {
      const first = theirs.poll()
      theirs.add({ time: (first?.time ?? 0) + draw(), sequence: sequence++ })
    }),
    benny.cycle(),
    benny.complete(),
  )
}

/** One decision on a cell that is 85 % full: the best machine for the next task of the trace, placed, and another task released. */
async function packing(): Promise<void> {
  const trace = generateTrace('google-2011', { machines: MACHINES, days: 0.05, seed: 1 })
  await benny.suite(
    `place and release on ${MACHINES} machines`,
    ...Object.entries(packingPolicies).map(([name, policy]) => benny.add(name, () => churn(trace, policy))),
    benny.cycle(),
    benny.complete(),
  )
}

function churn(trace: Trace, policy: PackingPolicy): () => void {
  const { parameters } = parsePolicy('packing', { policy }, 'policy')
  const cell = new Cell(trace, overcommitPolicies.none, {})
  const allocator = new Allocator(cell, policy, parameters, { tie: 'lowest-id', seed: 1, scoreStep: 0 })
  const placed: number[] = []
  let run = 0
  const placeNext = () => {
    const taskClass = trace.runs.class[run]
    const machine = allocator.choose(taskClass)
    if (machine !== NONE) {
      const task = cell.tasks.add(run, taskClass, trace.tasks.job[trace.runs.task[run]], 0)
      cell.place(task, machine, allocator.devices(taskClass, machine))
      placed.push(task)
    }
    run = (run + 1) % trace.runs.count
  }
  while (run < trace.runs.count - 1 && trace.runs.preplaced[run]) placeNext()
  let oldest = 0
  return () => {
    placeNext()
    const task = placed[oldest++]
    cell.release(task)
    cell.tasks.remove(task)
  }
}
