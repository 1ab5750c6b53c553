import { type Place, wrongAt } from './place.ts'

/** A whole number that a double holds exactly. Throws InputError for anything else, naming it as `what`. */
export function readInteger(text: string, what: string, place: Place): number {
  const value = Number(text)
  if (!/^-?\d+$/.test(text)) throw wrongAt(place, `${what} is not a whole number: ${quote(text)}`)
  if (!Number.isSafeInteger(value)) throw wrongAt(place, `${what} is beyond 2^53, which cannot be held exactly: ${text}`)
  return value
}

/** A number of zero or more: a request, a capacity, a length of time. Throws InputError for anything else, naming it as `what`. */
export function readAmount(text: string, what: string, place: Place): number {
  const value = Number(text)
  if (text.trim() === '' || !Number.isFinite(value)) throw wrongAt(place, `${what} is not a number: ${quote(text)}`)
  if (value < 0) throw wrongAt(place, `negative ${what}: ${text}`)
  return value
}

/** Both ends count in. */
export interface Range {
  readonly least: number
  readonly most: number
}

/** A whole number within [least, most]. Throws InputError for anything else, naming it as `what`. */
export function readWithin(text: string, what: string, place: Place, range: Range): number {
  const value = readInteger(text, what, place)
  if (value < range.least || value > range.most)
    throw wrongAt(place, `${what} out of range: ${text} (from ${range.least} to ${range.most} would do)`)
  return value
}

function quote(text: string): string {
  return text === '' ? 'nothing there' : JSON.stringify(text)
}
