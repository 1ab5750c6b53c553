import type { Place } from './place.ts'
import { readFields } from './read-fields.ts'

/** As `readFields`, for lines that are not cut at commas. */
export function readLines(path: string, onLine: (line: string, place: Place) => void): Promise<number> {
  return readFields(path, (fields, place) => onLine(fields.line(), place))
}
