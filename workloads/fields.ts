import { NONE } from '../sim/index.ts'
import type { ByteNames } from './byte-names.ts'
import type { Place } from './place.ts'
import { type Range, readInteger, readWithin } from './read-number.ts'

const NEWLINE = 10
const RETURN = 13
const COMMA = 44
/** So many digits a double always holds exactly. */
const SAFE_DIGITS = 15
/** So many digits 32 bits always hold. */
const INT_DIGITS = 9

/**
 * One line of a comma-separated file as the bytes it lies in, cut at its commas, so that a loader makes a string only of the
 * fields that it needs as one. The same object is moved along a file: keep no hold of it.
 */
export class Fields {
  count = 0
  private bytes: Buffer = Buffer.alloc(0)
  private view = new DataView(this.bytes.buffer, 0, 0)
  /** Field f is the bytes from starts[f] to starts[f + 1] − 1, where its comma or the end of the line stands. */
  private starts = new Int32Array(64)

  /** Turns to other bytes: `cut` has them from then on. */
  turnTo(bytes: Buffer): void {
    this.bytes = bytes
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
    this.count = 0
  }

  /**
   * Moves on to the line that begins at `from`, and tells where its newline stands; NONE, and nothing cut, where these bytes
   * have not all of it.
   */
  cut(from: number): number {
    const { bytes, view, starts } = this
    const { length } = bytes
    const most = starts.length
    const lastWord = length - 4
    let count = 1
    starts[0] = from
    for (let at = from; at < length; ) {
      // Digits, letters and most signs are above both commas and newlines. Byte by byte, `if (bytes[at] > COMMA) { at++; continue }`
      // is the same; four at a time take half as long. The lowest bit of `low` marks the first byte that is not above.
      if (at <= lastWord) {
        const word = view.getInt32(at, true)
        const low = (word - 0x2d2d2d2d) & ~word & 0x80808080
        if (low === 0) {
          at += 4
          continue
        }
        at += (31 - Math.clz32(low & -low)) >>> 3
      }
      const byte = bytes[at++]
      if (byte !== COMMA && byte !== NEWLINE) continue
      if (count === most) return this.cutWider(from)
      if (byte === COMMA) {
        starts[count++] = at
        continue
      }
      starts[count] = at - 1 > from && bytes[at - 2] === RETURN ? at - 1 : at
      this.count = count
      return at - 1
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
    return names.row(this.view, this.starts[first], this.starts[last + 1] - 1)
  }

  /** The row among `names` of one field, or NONE. */
  find(names: ByteNames, field: number): number {
    return names.find(this.view, this.starts[field], this.starts[field + 1] - 1)
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

  /** The number that a short field of nothing but digits is, NaN for any other; added up in 32 bits, which is quicker than in doubles. */
  private digits(field: number): number {
    const from = this.starts[field]
    const to = this.starts[field + 1] - 1
    const length = to - from
    if (length === 0 || length > SAFE_DIGITS) return Number.NaN
    if (length <= INT_DIGITS) {
      const value = this.int(from, to)
      return value === NONE ? Number.NaN : value
    }
    const high = this.int(from, to - INT_DIGITS)
    const low = this.int(to - INT_DIGITS, to)
    return high === NONE || low === NONE ? Number.NaN : high * 10 ** INT_DIGITS + low
  }

  /** The number that these at most 9 bytes are, NONE where one is no digit. */
  private int(from: number, to: number): number {
    const { bytes } = this
    let value = 0
    for (let at = from; at < to; at++) {
      const digit = bytes[at] - 48
      if (digit < 0 || digit > 9) return NONE
      value = (Math.imul(value, 10) + digit) | 0
    }
    return value
  }

  private cutWider(from: number): number {
    this.starts = new Int32Array(this.starts.length * 2)
    return this.cut(from)
  }
}
