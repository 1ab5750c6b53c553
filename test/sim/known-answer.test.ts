import assert from 'node:assert/strict'
import { test } from 'node:test'
import { randomStream, SECOND, simulate, type Trace, TraceBuilder } from '../../sim/index.ts'
import { options } from './policies-for-tests.ts'

const MACHINES = 4
const MEAN_RUN = 100
const SEEDS = 12
/** Student's t, 0.975, for 11 degrees of freedom. */
const T = 2.201

/** The chance that a task must wait where `load` = λ/μ tasks run on average, by Erlang's formula C. */
function erlangC(servers: number, load: number): number {
  let term = 1
  let sum = 1
  for (let k = 1; k < servers; k++) {
    term *= load / k
    sum += term
  }
  const last = ((term * load) / servers) * (servers / (servers - load))
  return last / (sum + last)
}

/** Poisson arrivals and exponential run times for machines that hold one task each; the window is long enough for every wait to end. */
function queue(arrivalsPerSecond: number, tasks: number, seed: number): { readonly trace: Trace; readonly lastArrival: number } {
  const builder = new TraceBuilder({
    name: 'M/M/c',
    format: 'test',
    resources: [{ name: 'cpu', unit: 'slot', scale: 1 }],
    tiers: ['batch'],
  })
  for (let m = 0; m < MACHINES; m++) builder.machine({ id: `m${m}`, capacity: [1], present: true })
  const one = builder.class({ request: [1], priority: 0, tier: 'batch' })
  const job = builder.job('all', builder.user('u'), 'batch')
  const [gap, run] = [randomStream(seed, 'arrivals'), randomStream(seed, 'run times')]
  const exponential = (draw: () => number, mean: number) => Math.round(-Math.log(1 - draw()) * mean * SECOND)
  let arrival = 0
  for (let i = 0; i < tasks; i++) {
    arrival += exponential(gap, 1 / arrivalsPerSecond)
    builder.run({ task: builder.task(job, i), class: one, arrival, runTime: exponential(run, MEAN_RUN), end: 'finish' })
  }
  return { trace: builder.trace({ start: 0, end: arrival * 2, counts: {}, skipped: {} }), lastArrival: arrival }
}

test('Erlang C is right for the cases that can be done by hand', () => {
  // One server: the chance is the utilisation. Two servers with load 1: (1/2 · 2) / (1 + 1 + 1) = 1/3.
  assert.ok(Math.abs(erlangC(1, 0.7) - 0.7) < 1e-12)
  assert.ok(Math.abs(erlangC(2, 1) - 1 / 3) < 1e-12)
})

for (const [utilisation, tasks, closeness] of [
  [0.5, 20_000, 0.05],
  [0.7, 20_000, 0.05],
  [0.9, 40_000, 0.1],
]) {
  test(`a queue at ${MACHINES} equal machines waits as Erlang C says, utilisation ${utilisation}`, () => {
    const load = utilisation * MACHINES
    const arrivalsPerSecond = load / MEAN_RUN
    const expected = erlangC(MACHINES, load) / (MACHINES / MEAN_RUN - arrivalsPerSecond)
    const waits = Array.from({ length: SEEDS }, (_, seed) => {
      const { trace, lastArrival } = queue(arrivalsPerSecond, tasks, seed + 1)
      const { wait } = simulate(trace, options('first-fit', { check: false, warmUp: Math.round(lastArrival / 10) })).result
      assert.equal(wait.all.censored, 0)
      return wait.all.mean
    })
    const mean = waits.reduce((sum, wait) => sum + wait, 0) / SEEDS
    const deviation = Math.sqrt(waits.reduce((sum, wait) => sum + (wait - mean) ** 2, 0) / (SEEDS - 1))
    const half = (T * deviation) / Math.sqrt(SEEDS)
    assert.ok(Math.abs(mean - expected) <= half, `mean wait ${mean} ± ${half} s, Erlang C says ${expected}`)
    assert.ok(half < closeness * expected, `± ${half} s says too little about ${expected}`)
  })
}
