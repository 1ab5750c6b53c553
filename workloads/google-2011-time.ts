import type { Fields } from './fields.ts'
import type { Place } from './place.ts'

/** Google's word for "after the end of the trace": 2^63 − 1, which no double holds. */
const AFTER = '9223372036854775807'
const TIMES = { least: 0, most: Number.MAX_SAFE_INTEGER }

/** A row's time, its first field, microseconds: 0 is "already so before the trace", Infinity "after its end". Throws InputError. */
export function readTime(fields: Fields, place: Place): number {
  if (fields.length(0) === AFTER.length && fields.text(0) === AFTER) return Number.POSITIVE_INFINITY
  return fields.within(0, 'time', place, TIMES)
}
