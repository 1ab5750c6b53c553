import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatDuration } from '../../reports/format-duration.ts'
import { formatCount, formatNumber, formatShare } from '../../reports/format-number.ts'
import { commonParts, labels } from '../../reports/label.ts'
import { optionName, repeatCommand } from '../../reports/repeat-command.ts'
import { fixture } from './fixture.ts'

const plain = (text: string) => text.replaceAll('\u00a0', ' ')

test('durations are said by their two largest units, rounded before they are split', () => {
  const said = [0, 0.04, 0.44, 5, 59.9, 200, 3599.6, 3600, 4000, 86_399, 100_000].map((seconds) => plain(formatDuration(seconds)))
  assert.deepEqual(said, ['0 s', '< 0.1 s', '0.4 s', '5 s', '1 m', '3 m 20 s', '1 h', '1 h', '1 h 7 m', '1 d', '1 d 4 h'])
  assert.equal(formatDuration(null), '–')
})

test('numbers have thousands, shares a per cent sign, counts their noun', () => {
  assert.deepEqual(
    [1234567, 12.34, -0.04, -5, 100.4, null].map((value) => formatNumber(value)),
    ['1,234,567', '12.3', '0.0', '−5', '100', '–'],
  )
  assert.equal(plain(formatShare(0.1234)), '12.3 %')
  assert.deepEqual([formatCount(1, 'seed'), formatCount(2, 'seed')].map(plain), ['1 seed', '2 seeds'])
})

test('a label names only the parts that differ', () => {
  const one = { admission: 'none', packing: 'a', overcommit: 'x' }
  const two = { admission: 'none', packing: 'b', overcommit: 'y' }
  assert.equal(labels([one, two])(two), 'b + y')
  assert.equal(labels([one])(one), 'a')
  assert.deepEqual(commonParts([one, two]), ['admission none'])
})

test('the command to repeat a run is one that a shell reads back', () => {
  const command = repeatCommand(fixture({ policies: ["n-sigma:n=5,window='2h'"] }))
  assert.match(command, /^stowage compare 'traces\/borg week' --admission none --packing 'n-sigma/)
  assert.doesNotMatch(command, /as-recorded|machines/)
  assert.equal(optionName('scoreStep'), 'score-step')
})

test('a simulation is repeated without the options that only compare has', () => {
  const one = {
    ...fixture({ policies: ['best-fit'], seeds: 1 }),
    command: 'simulate',
    options: { seeds: '1', asRecorded: false, machinesNeeded: false, load: '2' },
  }
  assert.match(repeatCommand(one), / --load 2$/)
  assert.doesNotMatch(repeatCommand(one), /seeds|machines-needed|as-recorded/)
})
