import { NONE } from '../sim/index.ts'
import type { ByteNames } from './byte-names.ts'
import type { Place } from './place.ts'
import { type Range, readInteger, readWithin } from './read-number.ts'

const NEWLINE = 10
const RETURN = 13
const COMMA = 44
/** So many digits a double always holds exactly. */
const SAFE_DIGITS = 15

/**
 * One line of a comma-separated file as the bytes it lies in, cut at its commas, so that a loader makes a string only of the
 * fields that it needs as one. The same object is moved along a file: keep no hold of it.
 */
export class Fields {
  count = 0
  private bytes: Buffer = Buffer.alloc(0)
  /** Field f is the bytes from starts[f] to starts[f + 1] − 1, where its comma or the end of the line stands. */
  private starts = new Int32Array(64)

  /**
   * Moves on to the line that begins at `from`, and tells where its newline stands; NONE, and nothing cut, where these bytes
   * have not all of it.
   */
  cut(bytes: Buffer, from: number): number {
    let { starts } = this
    let count = 1
    const { length } = bytes
    starts[0] = from
    for (let at = from; at < length; at++) {
      const byte = bytes[at]
      // Digits, letters and most signs are above both, and one comparison passes over them.
      if (byte > COMMA || (byte !== COMMA && byte !== NEWLINE)) continue
      if (count === starts.length) starts = this.grow()
      if (byte === COMMA) {
        starts[count++] = at + 1
        continue
      }
      starts[count] = at > from && bytes[at - 1] === RETURN ? at : at + 1
      this.bytes = bytes
      this.count = count
      return at
    }
    return NONE
  }

  /** Whether the line has nothing in it. */
  get isBlank(): boolean {
    return this.count === 1 && this.length(0) === 0
  }

  /** In bytes. */
  length(field: number): number {
    return this.starts[field + 1] - 1 - this.starts[field]
  }

  /** The text of one field, or of several with the commas between them. */
  text(first: number, last = first): string {
    return this.bytes.toString('utf8', this.starts[first], this.starts[last + 1] - 1)
  }

  /** The row among `names` of one field, or of several with the commas between them. */
  name(names: ByteNames, first: number, last = first): number {
    return names.row(this.bytes, this.starts[first], this.starts[last + 1] - 1)
  }

  /** The row among `names` of one field, or NONE. */
  find(names: ByteNames, field: number): number {
    return names.find(this.bytes, this.starts[field], this.starts[field + 1] - 1)
  }

  /** The whole line. */
  line(): string {
    return this.text(0, this.count - 1)
  }

  /** As `readInteger`. */
  integer(field: number, what: string, place: Place): number {
    const value = this.digits(field)
    return value >= 0 ? value : readInteger(this.text(field), what, place)
  }

  /** As `readWithin`. */
  within(field: number, what: string, place: Place, range: Range): number {
    const value = this.digits(field)
    return value >= range.least && value <= range.most ? value : readWithin(this.text(field), what, place, range)
  }

  /** The number that a short field of nothing but digits is, NaN for any other. */
  private digits(field: number): number {
    const { bytes } = this
    const to = this.starts[field + 1] - 1
    let at = this.starts[field]
    if (at === to || to - at > SAFE_DIGITS) return Number.NaN
    let value = 0
    for (; at < to; at++) {
      const digit = bytes[at] - 48
      if (digit < 0 || digit > 9) return Number.NaN
      value = value * 10 + digit
    }
    return value
  }

  private grow(): Int32Array<ArrayBuffer> {
    const grown = new Int32Array(this.starts.length * 2)
    grown.set(this.starts)
    this.starts = grown
    return grown
  }
}
