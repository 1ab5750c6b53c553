import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { KeptAmounts } from '../../policies/kept-amounts.ts'

test('what is found for a state is what was kept for it, as in a map of strings, which is emptied when full', () => {
  const state = fc.tuple(
    fc.nat({ max: 3 }),
    fc.oneof(fc.nat({ max: 40 }), fc.constantFrom(2 ** 31, 2 ** 32, 2 ** 40)),
    fc.integer({ min: -1, max: 20 }),
  )
  fc.assert(
    fc.property(fc.array(state, { maxLength: 6000, size: 'max' }), fc.constantFrom(1, 700, 5000), (states, most) => {
      const kept = new KeptAmounts(3, most)
      const expected = new Map<string, number>()
      for (const [step, one] of states.entries()) {
        kept.state.set(one)
        assert.equal(kept.find(), expected.get(`${one}`) ?? Number.NaN)
        if (expected.has(`${one}`)) continue
        if (expected.size === most) expected.clear()
        kept.keep(step)
        expected.set(`${one}`, step)
      }
    }),
    { numRuns: 20 },
  )
})
