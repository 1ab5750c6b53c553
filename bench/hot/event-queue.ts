import FastPriorityQueue from 'fastpriorityqueue'
import { EventQueue, KINDS, randomStream } from '../../sim/index.ts'
import type { Case } from './case.ts'

const PENDING = 100_000

interface Event {
  readonly time: number
  readonly sequence: number
}

/** Hold model: the first of 100,000 pending events is taken and another put in later; the well-known heap beside ours. */
export async function eventQueue(): Promise<readonly Case[]> {
  const draw = randomStream(1, 'bench')
  const ours = new EventQueue()
  const theirs = new FastPriorityQueue<Event>((a, b) => a.time < b.time || (a.time === b.time && a.sequence < b.sequence))
  let sequence = 0
  for (; sequence < PENDING; sequence++) {
    const time = draw()
    ours.push(time, KINDS.end, sequence, sequence)
    theirs.add({ time, sequence })
  }
  return [
    {
      name: 'stowage',
      run: () => {
        const time = ours.firstTime
        ours.pop()
        ours.push(time + draw(), KINDS.end, sequence, sequence++)
      },
    },
    {
      name: 'fastpriorityqueue',
      run: () => {
        const first = theirs.poll()
        theirs.add({ time: (first?.time ?? 0) + draw(), sequence: sequence++ })
      },
    },
  ]
}
