import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parse } from 'csv-parse/sync'
import { summaryCsv } from '../../reports/summary-csv.ts'
import { fixture } from './fixture.ts'

const rowsOf = (text: string) => parse(text, { columns: true }) as Record<string, string>[]

test('the columns that readers rely on come first, in their order', () => {
  const [head = ''] = summaryCsv(fixture()).split('\n')
  assert.ok(
    head.startsWith(
      'trace,admission,packing,overcommit,tie,preemption,seed,machines,tasks,placed,never_placeable,evictions,machines_needed,wait_mean_s,wait_p50_s,wait_p99_s,cpu_allocated_mean,memory_allocated_mean,gpu_allocated_mean,',
    ),
  )
})

test('there is a row a run, and numbers are written in full', () => {
  const comparison = fixture()
  const rows = rowsOf(summaryCsv(comparison))
  assert.equal(rows.length, 12)
  const [first] = comparison.rows
  assert.equal(Number(rows[0]?.wait_mean_s), first?.result.wait.all?.mean)
  assert.equal(Number(rows[0]?.evictions), 977)
})

test('what does not apply is empty', () => {
  const [row] = rowsOf(summaryCsv(fixture({ withMachinesNeeded: false })))
  assert.equal(row?.machines_needed, '')
  assert.equal(row?.machines_needed_lower_bound, '')
  const { trace, ...rest } = fixture()
  const noGpu = rest.rows.map((each) => ({ ...each, result: { ...each.result, utilisation: {} } }))
  assert.equal(rowsOf(summaryCsv({ ...rest, rows: noGpu, trace: { ...trace, resources: [] } }))[0]?.gpu_allocated_mean, '')
})

test('a name cannot be a formula or break a row', () => {
  const { trace, ...rest } = fixture()
  const [row] = rowsOf(summaryCsv({ ...rest, trace: { ...trace, name: '=cmd("a,b")\nc' } }))
  assert.equal(row?.trace, `'=cmd("a,b")\nc`)
})
