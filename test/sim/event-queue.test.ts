import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import FastPriorityQueue from 'fastpriorityqueue'
import { EventQueue, KINDS } from '../../sim/index.ts'

interface Event {
  readonly time: number
  readonly kind: number
  readonly sequence: number
}

const inOrder = (a: Event, b: Event) => a.time - b.time || a.kind - b.kind || a.sequence - b.sequence

/** Times and kinds with many ties; sequences all different, small and near the largest allowed. */
const events = (most: number) =>
  fc
    .array(fc.tuple(fc.nat(6), fc.nat(3), fc.constantFrom(0, 2 ** 47)), { maxLength: most })
    .map((list): Event[] => list.map(([time, kind, far], i) => ({ time, kind, sequence: far + ((i * 7919) % 10_007) })))

test('events come out in the order of time, kind and sequence, like those of fastpriorityqueue, however pushes and pops mix', () => {
  fc.assert(
    fc.property(events(200), fc.infiniteStream(fc.boolean()), (list, mayPop) => {
      const queue = new EventQueue()
      const reference = new FastPriorityQueue<Event>((a, b) => inOrder(a, b) < 0)
      const compare = () => {
        const first = reference.peek()
        assert.equal(queue.length, reference.size)
        assert.equal(queue.firstTime, first?.time ?? Number.POSITIVE_INFINITY)
        if (!first) return
        assert.deepEqual([queue.firstSequence, queue.firstPayload], [first.sequence, list.indexOf(first)])
      }
      for (const [row, event] of list.entries()) {
        queue.push(event.time, event.kind, event.sequence, row)
        reference.add(event)
        compare()
        while (queue.length > 0 && mayPop.next().value) {
          queue.pop()
          reference.poll()
          compare()
        }
      }
      while (queue.length > 0) {
        compare()
        queue.pop()
        reference.poll()
      }
      assert.ok(reference.isEmpty())
    }),
    { seed: 1, numRuns: 300 },
  )
})

test('popping everything is a full sort, also beyond the first thousand, when the queue has grown', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(40), fc.nat(3)), { minLength: 1025, maxLength: 2500 }), (list) => {
      const all = list.map(([time, kind], i): Event => ({ time, kind, sequence: (i * 7919) % 10_007 }))
      const queue = new EventQueue()
      for (const { time, kind, sequence } of all) queue.push(time, kind, sequence, kind)
      const popped: Event[] = []
      for (; queue.length > 0; queue.pop()) popped.push({ time: queue.firstTime, kind: queue.firstPayload, sequence: queue.firstSequence })
      assert.deepEqual(popped, all.sort(inOrder))
    }),
    { seed: 2, numRuns: 20 },
  )
})

test('at one instant ends come first, then removals, then changes, then arrivals, whatever their sequence', () => {
  const queue = new EventQueue()
  for (const [i, kind] of (['arrival', 'change', 'remove', 'end'] as const).entries()) queue.push(7, KINDS[kind], i, KINDS[kind])
  const popped: number[] = []
  for (; queue.length > 0; queue.pop()) popped.push(queue.firstPayload)
  assert.deepEqual(popped, [KINDS.end, KINDS.remove, KINDS.change, KINDS.arrival])
})
