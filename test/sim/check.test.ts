import assert from 'node:assert/strict'
import { test } from 'node:test'
import { check, NONE, type Observer, Simulation } from '../../sim/index.ts'
import { STATES } from '../../sim/task-rows.ts'
import { options } from './policies-for-tests.ts'
import { smallTrace } from './small-trace.ts'

const machines = [{ cpu: 4, memory: 4, devices: 1 }]
/** Settled events: 1 the opening, 2 the arrival of run 0 and 3 its decision, 4 and 5 those of run 1, 6 and 7 those of run 2, which waits. */
const tasks = [
  { cpu: 2, memory: 1, priority: 2 },
  { cpu: 1, memory: 1, at: 5, devices: 1, milli: 300 },
  { cpu: 4, memory: 4, at: 9 },
]

/** Runs with one thing broken just before the n-th check. */
function runBroken(n: number, breakIt: (simulation: Simulation) => void): () => void {
  return () => {
    const breaker = (simulation: Simulation): Observer => {
      let settled = 0
      return {
        settled: () => {
          if (++settled === n) breakIt(simulation)
        },
      }
    }
    const simulation = new Simulation(smallTrace({ machines, tasks, end: 20 }), options('first-fit'), (run) => [breaker(run), check(run)])
    while (simulation.step());
  }
}

test('an unbroken run passes', () => {
  runBroken(99, () => {})()
})

const breaches: Record<string, { n: number; breakIt: (simulation: Simulation) => void; message: string }> = {
  'a request counted twice': {
    n: 3,
    breakIt: ({ cell }) => cell.used[0][0]++,
    message: 'breach after decision on run 0 at 0 µs: machine m0: placed cpu requests sum to 2, used says 3',
  },
  'room that is not there': {
    n: 5,
    breakIt: ({ cell }) => cell.free[0][1][0]++,
    message: 'breach after decision on run 1 at 5 µs: machine m0: memory free should be 2, is 3',
  },
  'a share of a device that was lost': {
    n: 5,
    breakIt: ({ cell }) => {
      cell.deviceFree[0] -= 100
    },
    message: 'breach after decision on run 1 at 5 µs: machine m0, device 0: 600 milli-GPU free, its tasks hold 300',
  },
  'a task that fell out of its machine’s list': {
    n: 4,
    breakIt: ({ cell }) => {
      cell.firstTask[0] = NONE
    },
    message: 'breach after arrival of run 1 at 5 µs: machine m0 has 0 tasks, its count says 1',
  },
  'a list out of order': {
    n: 5,
    breakIt: ({ cell }) => {
      const [low, high] = [cell.firstTask[0], cell.tasks.nextOnMachine[cell.firstTask[0]]]
      cell.firstTask[0] = high
      cell.tasks.nextOnMachine[high] = low
      cell.tasks.nextOnMachine[low] = NONE
    },
    message: 'breach after decision on run 1 at 5 µs: tasks of machine m0 are not in order of priority',
  },
  'a sum over the cell that has drifted': {
    n: 6,
    breakIt: ({ cell }) => {
      cell.totalUsed[1] -= 1
    },
    message: 'breach after arrival of run 2 at 9 µs: memory placed in the cell sums to 2, the total says 1',
  },
  'a machine that is gone and still has tasks': {
    n: 6,
    breakIt: ({ cell }) => {
      cell.present[0] = 0
    },
    message: 'breach after arrival of run 2 at 9 µs: machine m0 is not in the cell and has 2 tasks',
  },
  'a task that waits and is in no queue': {
    n: 7,
    breakIt: ({ pending }) => pending.take(pending.classes[0]),
    message: 'breach after decision on run 2 at 9 µs: 1 tasks say that they wait, 0 are in the queue',
  },
  'a task that was forgotten': {
    n: 7,
    breakIt: ({ cell, pending }) => {
      const task = pending.head(pending.classes[0])
      pending.take(pending.classes[0])
      cell.tasks.state[task] = STATES.gone
    },
    message: 'breach after decision on run 2 at 9 µs: 3 runs came, but 0 are gone, 2 run, 0 wait and 0 are held',
  },
}

for (const [what, { n, breakIt, message }] of Object.entries(breaches)) {
  test(`the check finds ${what}, and names the event`, () => {
    assert.throws(runBroken(n, breakIt), { message })
  })
}
