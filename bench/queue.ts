import { EventQueue, KINDS, randomStream } from '../sim/index.ts'
import type { Measured } from './measured.ts'

export interface QueueOptions {
  readonly pending: number
  readonly events: number
  readonly seed: number
}

/** The hold model: the first of so many pending events is taken, and another put in later, so many times. */
export function queue({ pending, events, seed }: QueueOptions): Measured {
  const draw = randomStream(seed, 'queue')
  const gaps = Float64Array.from({ length: 2 ** 16 }, () => -Math.log(1 - draw()))
  const ends = new EventQueue()
  for (let sequence = 0; sequence < pending; sequence++) ends.push(gaps[sequence % gaps.length], KINDS.end, sequence, sequence)
  const began = performance.now()
  for (let event = 0; event < events; event++) {
    const time = ends.firstTime
    const { firstPayload } = ends
    ends.pop()
    ends.push(time + gaps[event % gaps.length], KINDS.end, pending + event, firstPayload)
  }
  return { unit: 'events', count: events, seconds: (performance.now() - began) / 1000 }
}
