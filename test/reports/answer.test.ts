import assert from 'node:assert/strict'
import { test } from 'node:test'
import { answer } from '../../reports/answer.ts'
import { fixture } from './fixture.ts'

const plain = (text: string) => text.replaceAll('\u00a0', ' ')
const said = (options: Parameters<typeof fixture>[0]) => {
  const { headline, details } = answer(fixture(options))
  return { headline: plain(headline), all: plain([headline, ...details].join(' ')) }
}

test('a difference beyond noise is said with its number, its interval and against the worst', () => {
  const { headline, all } = said({ machines: 1000 })
  assert.equal(headline, 'best-fit needs the fewest machines: 741 machines, 18 fewer than dot-product, the next best.')
  assert.match(all, /That is more than noise \(95 % interval 10.8 to 25.2, paired over 3 seeds\)/)
  assert.match(all, /Against random, the worst, best-fit saves 54 machines/)
})

test('noise names no winner', () => {
  const { headline, all } = said({ machines: 1000, verdicts: ['noise', 'better'] })
  assert.match(
    headline,
    /^No clear winner: best-fit and dot-product cannot be told apart, at about 741 machines; random, the worst, needs 54 machines more\.$/,
  )
  assert.match(all, /may be noise: dot-product 18 more \(95 % interval −5.4 to 41.4\)/)
  assert.doesNotMatch(all, /more than noise/)
})

test('what is equal at every seed is called equal', () => {
  assert.match(said({ verdicts: ['equal'] }).headline, /^All 4 are equal: 30 machines each, at every seed\.$/)
  assert.match(said({ verdicts: ['equal', 'better'] }).headline, /^best-fit and dot-product are equally good: 30 machines/)
})

test('a deterministic difference has no interval and says what it does not prove', () => {
  const { all } = said({ verdicts: ['deterministic'] })
  assert.match(all, /no seed can move it, so there is no interval/)
  assert.doesNotMatch(all, /95 %/)
})

test('one policy alone is compared with nothing', () => {
  const { headline, all } = said({ policies: ['best-fit'] })
  assert.equal(headline, 'best-fit needs 30 machines.')
  assert.match(all, /Only one policy was run/)
})

test('without machines needed the waits are compared', () => {
  const { headline, all } = said({ withMachinesNeeded: false })
  assert.equal(headline, 'best-fit has the shortest mean wait: 3 m 30 s, 40 s less than dot-product, the next best.')
  assert.match(all, /was not asked for/)
})

test('a policy under which the tasks did not fit the whole cell gets no number', () => {
  assert.match(said({ policies: ['best-fit', 'first-fit', 'worst-fit'] }).all, /Under worst-fit the tasks did not fit the whole cell/)
  assert.match(said({ policies: ['best-fit', 'worst-fit'] }).headline, /under no other policy did the tasks fit/)
  assert.match(said({ policies: ['worst-fit'] }).all, /^Under worst-fit a task waited .* did not fit the whole cell \(40 machines\)/s)
})

test('what was never asked how many machines it needs is neither best nor worst', () => {
  const whole = fixture({ policies: ['best-fit', 'first-fit', 'as-recorded'], verdicts: ['noise'] })
  const isRecorded = ({ packing }: { readonly packing: string }) => packing === 'as-recorded'
  const { headline, details } = answer({
    ...whole,
    rows: whole.rows.map((row) => (isRecorded(row) ? { ...row, machinesNeeded: null } : row)),
    machinesNeeded: whole.machinesNeeded.filter((needed) => !isRecorded(needed)),
    contrasts: whole.contrasts.filter(({ other }) => !isRecorded(other)),
  })
  assert.doesNotMatch([headline, ...details].join(' '), /as-recorded/)
})
