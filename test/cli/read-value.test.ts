import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readProfile } from '../../cli/read-profile.ts'
import { readCellSize, readChoice, readCount, readDuration, readFactor, readList, readShare } from '../../cli/read-value.ts'
import { InputError, SECOND } from '../../sim/index.ts'

function refuses(read: () => unknown, message: string): void {
  assert.throws(read, (error) => error instanceof InputError && error.message === message)
}

test('durations are seconds, minutes, hours or days', () => {
  const seconds = (text: string) => readDuration('--warm-up', text) / SECOND
  assert.deepEqual(['90s', '10m', '2h', '1.5d', '7', '0s', '0.25'].map(seconds), [90, 600, 7200, 129_600, 7, 0, 0.25])
})

test('what is no duration is refused with some that are', () => {
  for (const text of ['', '-1s', '5 m', '1w', 'soon', '1e3s', '.5h']) {
    refuses(() => readDuration('--warm-up', text), `--warm-up: not a duration: ${text} (90s, 10m, 2h or 1.5d would do)`)
  }
})

test('counts are whole numbers from 1, or from where it is said', () => {
  assert.deepEqual([readCount('--seeds', '11'), readCount('--seed', '0', 0)], [11, 0])
  for (const text of ['0', '-1', '1.5', 'two', '', ' ', '1e400', '9007199254740993']) {
    refuses(() => readCount('--seeds', text), `--seeds: not a whole number from 1: ${text}`)
  }
  refuses(() => readCount('--seeds', '10001', 1, 10_000), '--seeds: above 10000: 10001')
})

test('factors are numbers above 0', () => {
  assert.deepEqual(
    ['1', '0.5', '1e-3'].map((text) => readFactor('--load', text)),
    [1, 0.5, 0.001],
  )
  for (const text of ['0', '-2', 'x', '', 'Infinity', 'NaN'])
    refuses(() => readFactor('--load', text), `--load: not a number above 0: ${text}`)
})

test('the size of a cell is a count or a share, which may be above all', () => {
  assert.deepEqual(
    ['2000', '40%', '250%'].map((text) => readCellSize('--machines', text)),
    [{ count: 2000 }, { share: 0.4 }, { share: 2.5 }],
  )
  refuses(() => readCellSize('--machines', '0%'), '--machines: not a number above 0: 0')
  refuses(() => readCellSize('--machines', '1.5'), '--machines: not a whole number from 1: 1.5')
})

test('shares are from 0 to below 1', () => {
  assert.deepEqual(
    ['0', '0.002', '0.2%', '50%'].map((text) => readShare('--picky', text)),
    [0, 0.002, 0.002, 0.5],
  )
  for (const text of ['1', '100%', '-1%', 'x', '']) {
    refuses(() => readShare('--picky', text), `--picky: not a share below 100%: ${text} (0.2% would do)`)
  }
})

test('choices are one of their words', () => {
  assert.equal(readChoice('--tie', ['lowest-id', 'random'], 'random'), 'random')
  refuses(() => readChoice('--tie', ['lowest-id', 'random'], 'rand'), '--tie: unknown: rand (have lowest-id, random)')
})

test('a list is cut at commas before names, not at those between parameters', () => {
  assert.deepEqual(readList('--packing', 'best-fit'), ['best-fit'])
  assert.deepEqual(readList('--packing', 'best-fit, random'), ['best-fit', 'random'])
  assert.deepEqual(readList('--admission', 'quota:share=0.5,over=hold,admit-all,quota:cpu=1'), [
    'quota:share=0.5,over=hold',
    'admit-all',
    'quota:cpu=1',
  ])
})

test('a list names nothing twice and nothing empty', () => {
  refuses(() => readList('--packing', 'a,b,a'), '--packing: named twice: a')
  refuses(() => readList('--packing', 'a,,b'), '--packing: an empty name in: a,,b')
  refuses(() => readList('--packing', ''), '--packing: an empty name in: ')
})

test('a profile may have settings, and anything else is no profile', () => {
  assert.deepEqual(readProfile('google-2011'), { profile: 'google-2011', options: {} })
  assert.deepEqual(readProfile('openb:machines=400,days=0.5'), { profile: 'openb', options: { machines: 400, days: 0.5 } })
  assert.equal(readProfile('some/folder'), undefined)
  assert.equal(readProfile('google-2012'), undefined)
})

test('a setting that a profile has not, or that is no number, is refused', () => {
  refuses(() => readProfile('openb:size=4'), 'openb:size=4: no such setting: size (have machines, days, load, target)')
  refuses(() => readProfile('openb:'), 'openb:: no such setting: (empty) (have machines, days, load, target)')
  refuses(() => readProfile('openb:days=many'), 'openb:days=many: days must be a number: many')
  refuses(() => readProfile('openb:days'), 'openb:days: days must be a number: (empty)')
})
