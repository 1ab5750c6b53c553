import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { TaskNumbers } from '../../workloads/task-numbers.ts'

test('tasks are numbered as a map of pairs numbers them, over many growths of the table', () => {
  const pair = fc.tuple(fc.nat({ max: 60 }), fc.oneof(fc.nat({ max: 60 }), fc.constantFrom(0, 2 ** 30, 2 ** 31 - 1)))
  fc.assert(
    fc.property(fc.array(pair, { maxLength: 5000, size: 'max' }), (pairs) => {
      const tasks = new TaskNumbers()
      const rows = new Map<string, number>()
      for (const [job, index] of pairs) {
        const row = tasks.row(job, index)
        if (!rows.has(`${job}/${index}`)) rows.set(`${job}/${index}`, rows.size)
        assert.equal(row, rows.get(`${job}/${index}`))
      }
      const { jobOf, indexOf } = tasks.done()
      assert.equal(tasks.count, rows.size)
      assert.deepEqual(
        Array.from(jobOf, (job, row) => `${job}/${indexOf[row]}`),
        [...rows.keys()],
      )
    }),
    { numRuns: 20 },
  )
})
