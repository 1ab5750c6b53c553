import assert from 'node:assert/strict'
import { test } from 'node:test'
import { contrasts, holmCorrected, pairedTest } from '../../experiments/index.ts'

const near = (found: number | null, expected: number, digits = 4) => {
  assert.ok(found !== null && Math.abs(found - expected) < 10 ** -digits, `${found}, expected ${expected}`)
}
const named = (packing: string, values: readonly number[], varies = true) => ({
  combination: { admission: 'admit-all', packing, overcommit: 'none' },
  values,
  varies,
})

test('the paired t test gives the figures of Student’s sleep data (1908): t = 4.0621 with 9 degrees of freedom', () => {
  const gain = [1.2, 2.4, 1.3, 1.3, 0, 1, 1.8, 0.8, 4.6, 1.4]
  const { difference, interval, p, allEqual } = pairedTest(gain, true)
  near(difference, 1.58, 9)
  near(p, 0.002833, 6)
  assert.ok(interval)
  near(interval[0], 0.7001142, 6)
  near(interval[1], 2.4598858, 6)
  assert.equal(allEqual, false)
})

test('the sign of a difference moves the interval and not p', () => {
  const [up, down] = [pairedTest([1, 2, 4], true), pairedTest([-1, -2, -4], true)]
  assert.equal(up.p, down.p)
  assert.ok(up.interval && down.interval)
  near(up.interval[0], -down.interval[1], 12)
})

test('differences that are all the same count by their number, as in a sign test; all zero leave nothing', () => {
  assert.deepEqual(pairedTest([2, 2, 2], true), { difference: 2, interval: [2, 2], p: 0.25, allEqual: false })
  assert.deepEqual(pairedTest([0, 0, 0], true), { difference: 0, interval: [0, 0], p: 1, allEqual: true })
})

test('one seed, or what no seed can move, has no interval', () => {
  assert.deepEqual(pairedTest([3], true), { difference: 3, interval: null, p: 1, allEqual: false })
  assert.deepEqual(pairedTest([3, 3], false), { difference: 3, interval: null, p: null, allEqual: false })
})

test('Holm’s correction multiplies the least p by their number, the next by one fewer, and never lets a larger p be corrected to less', () => {
  // .005·4 = .02, .01·3 = .03, .03·2 = .06, .04·1 = .04, raised to .06.
  const corrected = holmCorrected([0.01, 0.04, 0.03, 0.005])
  for (const [i, expected] of [0.03, 0.06, 0.06, 0.02].entries()) near(corrected[i], expected, 12)
})

test('no p is corrected beyond 1, and what has none is not counted', () => {
  assert.deepEqual(holmCorrected([0.9, 0.8]), [1, 1])
  assert.deepEqual(holmCorrected([null, 0.03, null]), [null, 0.03, null])
})

test('every other is held against the one with the least mean, the earliest of equals', () => {
  const [first, second] = contrasts('machines_needed', [named('a', [5, 5]), named('b', [4, 4]), named('c', [4, 4])])
  assert.deepEqual([first.best.packing, first.other.packing, first.difference], ['b', 'a', 1])
  assert.deepEqual([second.best.packing, second.other.packing, second.difference], ['b', 'c', 0])
})

test('better is what differs by more than noise; what cannot be told is noise; the same at every seed is equal', () => {
  const found = contrasts('machines_needed', [
    named('best', [10, 11, 10, 11, 10]),
    named('clearly worse', [15, 16, 15, 16, 16]),
    named('perhaps worse', [11, 10, 12, 10, 11]),
    named('the same', [10, 11, 10, 11, 10]),
  ])
  assert.deepEqual(
    found.map(({ verdict }) => verdict),
    ['better', 'noise', 'equal'],
  )
})

test('a difference that passes alone and not in the company of others is noise', () => {
  // Differences 0 1 1 1 1: t = .8 / (.4472/√5) = 4, p = .0161; times four 0.064.
  const slightlyWorse = [10, 12, 11, 12, 11]
  const best = named('best', [10, 11, 10, 11, 10])
  assert.equal(contrasts('machines_needed', [best, named('a', slightlyWorse)])[0].verdict, 'better')
  const four = contrasts('machines_needed', [best, ...['a', 'b', 'c', 'd'].map((name) => named(name, slightlyWorse))])
  near(four[0].p, 0.01613, 5)
  near(four[0].holm, 4 * 0.01613, 4)
  assert.deepEqual(new Set(four.map(({ verdict }) => verdict)), new Set(['noise']))
})

test('a difference that no seed can move is deterministic, whatever its size', () => {
  const [found] = contrasts('wait_mean_at_least_s', [named('a', [3, 3], false), named('b', [3.5, 3.5], false)])
  assert.deepEqual([found.verdict, found.interval, found.p, found.holm, found.difference], ['deterministic', null, null, null, 0.5])
  assert.equal(contrasts('wait_mean_at_least_s', [named('a', [3, 3], false), named('b', [3, 3], false)])[0].verdict, 'equal')
})

test('one alone is compared with nothing', () => {
  assert.deepEqual(contrasts('machines_needed', [named('a', [1, 2])]), [])
})

test('seeds that differ alike but for rounding are judged by their number', () => {
  const [a, b] = [0.1 + 0.2, 0.3]
  assert.notEqual(a, b)
  assert.equal(pairedTest([a, b, a], true).p, 0.25)
})
