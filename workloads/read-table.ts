import { pipeline, Readable } from 'node:stream'
import { CsvError, parse } from 'csv-parse'
import { InputError } from '../sim/index.ts'
import { type Place, wrongAt } from './place.ts'
import { readBytes } from './read-bytes.ts'
import type { Cell } from './read-rows.ts'

interface Parsed {
  readonly record: readonly string[]
  readonly info: { readonly lines: number }
}

/**
 * Reads a comma-separated file of ours, which may quote its cells and has a header, in any order of columns. `onRow` gets
 * every row; the result is their number. Throws InputError for a column that `known` does not know, a missing one of
 * `required`, a row that is too short or too long, and bad quoting.
 */
export async function readTable(
  path: string,
  columns: { readonly required: readonly string[]; readonly known: (name: string) => boolean },
  onRow: (cell: Cell, place: Place) => void,
): Promise<number> {
  const place: Place = { file: path, line: 0 }
  let at: Map<string, number> | null = null
  let record: readonly string[] = []
  let rows = 0
  const cell: Cell = (column) => record[at?.get(column) ?? -1] ?? ''
  await eachRecord(path, (parsed) => {
    place.line = parsed.info.lines
    record = parsed.record
    if (at === null) {
      at = new Map(record.map((name, column) => [name, column]))
      const missing = columns.required.filter((name) => !record.includes(name))
      if (missing.length > 0) throw wrongAt(place, `no column ${missing.join(', ')} (the header has ${record.join(', ')})`)
      const unknown = record.filter((name) => !columns.known(name))
      if (unknown.length > 0) throw wrongAt(place, `unknown column: ${unknown.join(', ')}`)
      return true
    }
    if (record.length !== at.size) {
      throw wrongAt(place, `too ${record.length < at.size ? 'few' : 'many'} columns: ${record.length} (the header has ${at.size})`)
    }
    rows++
    onRow(cell, place)
    return true
  })
  return rows
}

/** The header alone. */
export async function readHeader(path: string): Promise<readonly string[]> {
  let header: readonly string[] = []
  await eachRecord(path, ({ record }) => {
    header = record
    return false
  })
  return header
}

/** Calls `onRecord` until it says false. */
async function eachRecord(path: string, onRecord: (parsed: Parsed) => boolean): Promise<void> {
  const parser = parse({ info: true, bom: true, skip_empty_lines: true, relax_column_count: true })
  pipeline(Readable.from(readBytes(path), { objectMode: false }), parser, () => {})
  try {
    for await (const parsed of parser as AsyncIterable<Parsed>) if (!onRecord(parsed)) return
  } catch (error) {
    if (error instanceof CsvError) throw new InputError(`${path}: ${error.message}`)
    throw error
  }
}
