import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { heapRoot } from '../../sim/heap-root.ts'

/** Go's container/heap, Init, as its source reads: down(i) for i from n/2−1 to 0, with Less as "better". */
function goHeapRoot(scores: readonly number[]): number {
  const h = scores.map((score, id) => ({ id, score }))
  const less = (i: number, j: number) => h[i].score > h[j].score
  const down = (i0: number) => {
    let i = i0
    for (;;) {
      const j1 = 2 * i + 1
      if (j1 >= h.length) return
      let j = j1
      const j2 = j1 + 1
      if (j2 < h.length && less(j2, j1)) j = j2
      if (!less(j, i)) return
      ;[h[i], h[j]] = [h[j], h[i]]
      i = j
    }
  }
  for (let i = Math.floor(h.length / 2) - 1; i >= 0; i--) down(i)
  return h[0].id
}

const root = (scores: readonly number[]) => heapRoot(Int32Array.from(scores.keys()), Float64Array.from(scores), scores.length)

test('the root of the heap is Go’s, for any scores', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 40 }), (scores) =>
      assert.equal(root(scores), goHeapRoot(scores)),
    ),
  )
})

test('of equal machines it is neither the first nor the last as such', () => {
  assert.equal(root([1, 1, 1]), 0)
  // The one below goes up before those above are compared.
  assert.equal(root([0, 1, 1, 1]), 1)
  assert.equal(root([0, 0, 1, 1, 1]), 3)
  assert.equal(root([0, 0, 0, 1, 0, 0, 1]), 3)
})
