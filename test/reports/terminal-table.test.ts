import assert from 'node:assert/strict'
import { test } from 'node:test'
import { terminalTable } from '../../reports/terminal-table.ts'
import { fixture } from './fixture.ts'

const policies = ['best-fit', 'dot-product', 'first-fit', 'tetris', 'least-requested', 'most-requested', 'random', 'worst-fit']

test('eight policies fit in 120 columns, best first', () => {
  const lines = terminalTable(fixture({ policies, seeds: 11, machines: 12_500, verdicts: ['noise', 'better'] }), { colour: false }).split(
    '\n',
  )
  assert.ok(Math.max(...lines.map((line) => line.length)) <= 120)
  const order = policies.map((name) => lines.findIndex((line) => line.startsWith(`${name} `)))
  assert.deepEqual(
    order,
    [...order].sort((a, b) => a - b),
  )
  assert.match(lines[0] ?? '', /^No clear winner/)
})

test('colour is only for those who asked, and control characters of a name never reach the terminal', () => {
  const evil = fixture({ policies: ['\u001b[31mred', 'first-fit'] })
  assert.ok(!terminalTable(evil, { colour: false }).includes('\u001b'))
  assert.ok(terminalTable(fixture(), { colour: true }).includes('\u001b[1m'))
})

test('words stand where there is no number', () => {
  assert.match(terminalTable(fixture({ policies: ['best-fit', 'worst-fit'] }), { colour: false }), /did not fit/)
})
