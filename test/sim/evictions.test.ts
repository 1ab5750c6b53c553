import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Evictions, UNSCORED } from '../../sim/evictions.ts'

const MACHINES = 12
const few = fc.nat(2)
const deed = fc.record({
  machine: fc.nat(MACHINES - 1),
  isGone: fc.constantFrom(false, false, true),
  highest: few,
  victims: few,
  score: few,
  isLater: fc.boolean(),
})

test('whatever comes and goes, the best are all that no other beats: lowest highest priority, then fewest victims, then highest score', () => {
  fc.assert(
    fc.property(fc.array(deed, { size: 'large' }), (deeds) => {
      const evictions = new Evictions(MACHINES)
      const plain = new Map<number, readonly [number, number, number]>()
      const into = new Int32Array(MACHINES)
      const scoreOf = (machine: number) => -(plain.get(machine)?.[2] ?? Number.NaN)
      for (const { machine, isGone, isLater, highest, victims, score } of deeds) {
        const isWorse = [...plain].some(([, [other, count]]) => other < highest || (other === highest && count < victims))
        assert.equal(evictions.areBetter(highest, victims), isWorse)
        if (isGone) evictions.remove(machine)
        else evictions.set(machine, highest, victims, isLater ? UNSCORED : score)
        if (isGone) plain.delete(machine)
        else plain.set(machine, [highest, victims, -score])
        const [least] = [...plain.values()].sort(byParts)
        const best = [...plain].filter(([, parts]) => byParts(parts, least) === 0).map(([one]) => one)
        assert.deepEqual([...into.subarray(0, evictions.best(into, scoreOf))].sort(byNumber), best.sort(byNumber))
      }
      evictions.clear(0)
      assert.equal(evictions.best(into, scoreOf), 0)
    }),
    { seed: 7 },
  )
})

function byParts(one: readonly number[], other: readonly number[]): number {
  return one[0] - other[0] || one[1] - other[1] || one[2] - other[2]
}

function byNumber(one: number, other: number): number {
  return one - other
}
