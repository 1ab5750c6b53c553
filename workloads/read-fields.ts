import { NONE } from '../sim/index.ts'
import { Fields } from './fields.ts'
import type { Place } from './place.ts'
import { readBytes } from './read-bytes.ts'

const NEWLINE = 10
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf])

/**
 * Gives each line that is not blank to `onRow`, without its line end and cut at its commas, and tells how many there were.
 * Holds one chunk at a time; plain or gzip; nothing is quoted. Throws InputError as `readBytes` does, and whatever `onRow` throws.
 */
export async function readFields(path: string, onRow: (fields: Fields, place: Place) => void): Promise<number> {
  const place: Place = { file: path, line: 0 }
  const fields = new Fields()
  let count = 0
  /** What has been read of a line whose end has not. */
  let begun: Buffer[] = []
  const takeLines = (bytes: Buffer): void => {
    let from = place.line === 0 && bytes.subarray(0, 3).equals(BYTE_ORDER_MARK) ? 3 : 0
    for (let to = fields.cut(bytes, from); to !== NONE; to = fields.cut(bytes, from)) {
      place.line++
      from = to + 1
      if (fields.isBlank) continue
      count++
      onRow(fields, place)
    }
    begun = from < bytes.length ? [bytes.subarray(from)] : []
  }
  for await (const chunk of readBytes(path)) {
    if (begun.length > 0 && !chunk.includes(NEWLINE)) begun.push(chunk)
    else takeLines(begun.length > 0 ? Buffer.concat([...begun, chunk]) : chunk)
  }
  if (begun.length > 0) takeLines(Buffer.concat([...begun, Buffer.from('\n')]))
  return count
}
