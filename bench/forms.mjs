import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { generateTrace, loadStored, storeTrace } from '../workloads/index.ts'

/**
 * The forms among which that of `stowage import` was chosen: a million runs written and read as ours, Arrow and Parquet.
 * The others are no dependencies: `npm install --no-save apache-arrow@21.2.0 hyparquet@1.31.5 hyparquet-compressors hyparquet-writer@0.17.0 @duckdb/node-api@1.5.6-r.1`.
 */
const { tableFromArrays, tableFromIPC, tableToIPC } = await import('apache-arrow')
const { asyncBufferFromFile, parquetRead } = await import('hyparquet')
const { compressors } = await import('hyparquet-compressors')
const { parquetWriteBuffer } = await import('hyparquet-writer')
const { DuckDBInstance } = await import('@duckdb/node-api')

const ROUNDS = 7
const folder = mkdtempSync(join(tmpdir(), 'stowage-forms-'))
const at = (name) => join(folder, name)
const whole = generateTrace('google-2011', { machines: 12_583, days: 1, seed: 1 })
const none = new Int32Array(0)
// The runs alone, since the other forms hold one table each.
const trace = { ...whole, jobs: { ...whole.jobs, id: [] }, tasks: { count: 0, job: none, index: none } }
const { count, ...columns } = trace.runs
const names = Object.keys(columns)
const empty = () => names.map((name) => new columns[name].constructor(count))

writeFileSync(at('stored'), storeTrace(trace))
writeFileSync(at('arrow'), tableToIPC(tableFromArrays(columns), 'file'))
const columnData = names.map((name) => {
  const data = columns[name]
  return data instanceof Float64Array ? { name, data, type: 'DOUBLE' } : { name, data: Int32Array.from(data), type: 'INT32' }
})
writeFileSync(at('snappy.parquet'), Buffer.from(parquetWriteBuffer({ columnData })))
const database = await DuckDBInstance.create(':memory:', { threads: '1' })
const connection = await database.connect()
await connection.run(`COPY (SELECT * FROM '${at('snappy.parquet')}') TO '${at('zstd.parquet')}' (COMPRESSION zstd)`)

const forms = {
  'stowage import (columns, zstd)': { file: 'stored', read: () => loadStored(at('stored')) },
  'Arrow IPC, apache-arrow': {
    file: 'arrow',
    read: () => {
      const table = tableFromIPC(readFileSync(at('arrow')))
      return names.map((name) => table.getChild(name).toArray().slice())
    },
  },
  'Parquet snappy, hyparquet': {
    file: 'snappy.parquet',
    read: async () => {
      const read = empty()
      const onChunk = ({ columnName, columnData, rowStart }) => read[names.indexOf(columnName)].set(columnData, rowStart)
      await parquetRead({ file: await asyncBufferFromFile(at('snappy.parquet')), compressors, onChunk })
      return read
    },
  },
  'Parquet zstd, DuckDB on one thread': {
    file: 'zstd.parquet',
    read: async () => {
      const read = empty()
      const stream = await connection.stream(`SELECT * FROM '${at('zstd.parquet')}'`)
      let row = 0
      for (let chunk = await stream.fetchChunk(); chunk && chunk.rowCount > 0; chunk = await stream.fetchChunk()) {
        for (const [c, column] of read.entries()) column.set(chunk.getColumnVector(c).items, row)
        row += chunk.rowCount
      }
      return read
    },
  },
}

const seconds = new Map(Object.keys(forms).map((name) => [name, []]))
for (let round = 0; round < ROUNDS; round++) {
  for (const [name, { read }] of Object.entries(forms)) {
    const began = performance.now()
    await read()
    seconds.get(name).push((performance.now() - began) / 1000)
  }
}
for (const [name, { file }] of Object.entries(forms)) {
  const sorted = seconds.get(name).sort((a, b) => a - b)
  const rate = (s) => (count / s / 1e6).toFixed(1)
  console.log(
    `${name.padEnd(36)} ${rate(sorted[ROUNDS >> 1])} M runs/s (${rate(sorted[ROUNDS - 1])}–${rate(sorted[0])}), ${(statSync(at(file)).size / count).toFixed(1)} bytes a run`,
  )
}
rmSync(folder, { recursive: true })
