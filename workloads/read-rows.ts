import type { Fields } from './fields.ts'
import { type Place, wrongAt } from './place.ts'
import { readFields } from './read-fields.ts'

/** The text of a column of the present row; '' where an optional column is not in the file. */
export type Cell = (column: string) => string

/**
 * Reads a comma-separated file that has a header and, by its publisher's word, no quoting. `onRow` gets every row; the
 * result tells the columns that were there and the number of rows. Throws InputError when a required column is missing
 * or a row has too few columns.
 */
export async function readRows(
  path: string,
  required: readonly string[],
  onRow: (cell: Cell, place: Place) => void,
): Promise<{ columns: readonly string[]; rows: number }> {
  let columns: string[] = []
  let at = new Map<string, number>()
  let row: Fields | undefined
  const cell: Cell = (column) => {
    const field = at.get(column)
    return field === undefined || row === undefined ? '' : row.text(field)
  }
  const lines = await readFields(path, (fields, place) => {
    if (at.size === 0) {
      columns = Array.from({ length: fields.count }, (_, field) => fields.text(field).trim())
      at = new Map(columns.map((name, column) => [name, column]))
      const missing = required.filter((name) => !at.has(name))
      if (missing.length > 0) throw wrongAt(place, `no column ${missing.join(', ')} (the header has ${columns.join(', ')})`)
      return
    }
    if (fields.count < columns.length) throw wrongAt(place, `too few columns: ${fields.count} (the header has ${columns.length})`)
    row = fields
    onRow(cell, place)
  })
  return { columns, rows: lines - 1 }
}
