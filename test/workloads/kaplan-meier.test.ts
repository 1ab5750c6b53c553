import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { kaplanMeier, survivalAt } from '../../workloads/kaplan-meier.ts'
import { kolmogorovSmirnov, survivalDistance } from '../../workloads/kolmogorov-smirnov.ts'
import { spearman } from '../../workloads/spearman.ts'
import { survivalCorrelation } from '../../workloads/survival-correlation.ts'

test('five lives worked by hand: ends at 1, 3 and 5, watching stopped at 2 and 5', () => {
  const curve = kaplanMeier([3, 1, 2, 5, 5], [true, true, false, true, false])
  assert.deepEqual([...curve.time], [1, 3, 5])
  assert.deepEqual([...curve.atRisk], [5, 3, 2])
  const expected = [4 / 5, (4 / 5) * (2 / 3), (4 / 5) * (2 / 3) * (1 / 2)]
  for (const [i, share] of expected.entries()) assert.ok(Math.abs(curve.survival[i] - share) < 1e-12)
  assert.equal(survivalAt(curve, 0.5), 1)
  assert.equal(survivalAt(curve, 4), curve.survival[1])
})

test('where every end is seen, the curve is the share that lasts longer', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 40 }),
      fc.integer({ min: 0, max: 21 }),
      (times, at) => {
        const curve = kaplanMeier(
          times,
          times.map(() => true),
        )
        assert.ok(Math.abs(survivalAt(curve, at) - times.filter((time) => time > at).length / times.length) < 1e-9)
      },
    ),
  )
})

test('a curve is no distance from itself, and two samples that share no value are 1 apart', () => {
  const curve = kaplanMeier([1, 2, 3], [true, true, true])
  assert.equal(survivalDistance(curve, curve, { horizon: 10, atRisk: 1 }), 0)
  assert.equal(kolmogorovSmirnov([1, 2, 3], [4, 5]), 1)
  assert.equal(kolmogorovSmirnov([1, 2, 3, 4], [3, 4, 5, 6]), 0.5)
})

test('ranks that agree correlate by 1, that oppose by -1, by values or by survival curves', () => {
  assert.equal(spearman([1, 2, 3], [10, 20, 400]), 1)
  assert.equal(spearman([1, 2, 3], [3, 2, 1]), -1)
  const groups = [1, 2].map((value) => ({ value, weight: 1, curve: kaplanMeier([value], [true]) }))
  assert.equal(survivalCorrelation(groups, 10), 1)
})
