import { type CsvResources, columnOf } from './csv-head.ts'
import type { Place } from './place.ts'
import { readAmount, readInteger } from './read-number.ts'
import type { Cell } from './read-rows.ts'

/** The amounts of a row, in units; an empty cell is 0, and the builder fills in the GPUs. Throws InputError. */
export function readAmounts(cell: Cell, resources: CsvResources, what: string, place: Place): number[] {
  return resources.map(({ name, scale }) => {
    const text = name === 'gpu' ? '' : cell(columnOf(name))
    return text === '' ? 0 : Math.round(readAmount(text, `${name} ${what}`, place) * scale)
  })
}

/** Microseconds from seconds. Throws InputError where a double does not hold them exactly. */
export function readSeconds(text: string, what: string, place: Place): number {
  const time = readAmount(text, what, place) * 1e6
  return time > Number.MAX_SAFE_INTEGER
    ? readInteger(BigInt(Math.round(time)).toString(), `${what} in microseconds`, place)
    : Math.round(time)
}

/** Whether a table may have this column: one of its own or a named extended resource. */
export function isKnown(columns: readonly string[]): (name: string) => boolean {
  return (name) => columns.includes(name) || /^extended\../.test(name)
}
