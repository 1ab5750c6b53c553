import type { Place } from './place.ts'
import { readWithin } from './read-number.ts'

/** Google's word for "after the end of the trace": 2^63 − 1, which no double holds. */
const AFTER = '9223372036854775807'

/** A time of the 2011 trace, microseconds: 0 is "already so before the trace", Infinity "after its end". Throws InputError. */
export function readTime(text: string, place: Place): number {
  if (text === AFTER) return Number.POSITIVE_INFINITY
  return readWithin(text, 'time', place, { least: 0, most: Number.MAX_SAFE_INTEGER })
}
