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
  /** Takes the line that begins at `from` and tells where the next one does; NONE where its end is not there. */
  const takeLine = (from: number): number => {
    const to = fields.cut(from)
    if (to === NONE) return NONE
    place.line++
    if (fields.isBlank) return to + 1
    count++
    onRow(fields, place)
    return to + 1
  }
  const takeLines = (bytes: Buffer, start: number): void => {
    let from = place.line === 0 && bytes.subarray(0, 3).equals(BYTE_ORDER_MARK) ? 3 : start
    fields.turnTo(bytes)
    for (let next = takeLine(from); next !== NONE; next = takeLine(from)) from = next
    begun = from < bytes.length ? [bytes.subarray(from)] : []
  }
  for await (const chunk of readBytes(path)) {
    let start = 0
    if (begun.length > 0) {
      start = chunk.indexOf(NEWLINE) + 1
      begun.push(start === 0 ? chunk : chunk.subarray(0, start))
      if (start === 0) continue
      takeLines(Buffer.concat(begun), 0)
    }
    takeLines(chunk, start)
  }
  if (begun.length > 0) takeLines(Buffer.concat([...begun, Buffer.from('\n')]), 0)
  return count
}
