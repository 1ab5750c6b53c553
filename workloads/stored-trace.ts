import { readFile } from 'node:fs/promises'
import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import { InputError, type Trace } from '../sim/index.ts'
import { unreadable } from './read-bytes.ts'
import { headLine, readHead } from './stored-head.ts'

const TYPES = { Float64Array, Int32Array, Uint8Array } as const
type TypeName = keyof typeof TYPES

/** Stands in the stored JSON where a column stands in the trace. */
interface ColumnHead {
  readonly column: TypeName
  readonly length: number
  /** Where it is, compressed, among the columns that follow the JSON. */
  readonly at: number
  readonly bytes: number
}

/** Level 1 is as small as any higher one within a twentieth, and the fastest to write. Each frame ends with its checksum. */
const SETTINGS = { params: { [constants.ZSTD_c_compressionLevel]: 1, [constants.ZSTD_c_checksumFlag]: 1 } }

/**
 * A trace as one file: a line that names the form and its version, then the trace as JSON, then its columns one by one, as they
 * lie in memory (little-endian), each part compressed with zstd. Nothing is lost: `loadStored` gives back the same trace.
 */
export function storeTrace(trace: Trace): Uint8Array {
  const columns: Buffer[] = []
  let at = 0
  const json = JSON.stringify(trace, (_, value: unknown) => {
    if (!ArrayBuffer.isView(value)) return value
    const type = (Object.keys(TYPES) as TypeName[]).find((name) => value instanceof TYPES[name])
    if (type === undefined) throw new Error(`a column of a type that is not stored: ${value.constructor.name}`)
    const stored = zstdCompressSync(new Uint8Array(value.buffer, value.byteOffset, value.byteLength), SETTINGS)
    columns.push(stored)
    at += stored.length
    const length = value.byteLength / TYPES[type].BYTES_PER_ELEMENT
    return { column: type, length, at: at - stored.length, bytes: stored.length } satisfies ColumnHead
  })
  const head = zstdCompressSync(json, SETTINGS)
  return Buffer.concat([headLine(head.length), head, ...columns])
}

/** Loads what `storeTrace` made. Throws InputError when the file is of another form or version, damaged or cut off. */
export async function loadStored(path: string): Promise<Trace> {
  const file = await readFile(path).catch((error) => {
    throw unreadable(path, error)
  })
  const head = readHead(path, file)
  const columns = head.start + head.bytes
  let end = columns
  const part = (at: number, bytes: number): Buffer => {
    if (at + bytes > file.length) throw new InputError(`${path}: cut off at byte ${file.length} (import the trace again)`)
    end = Math.max(end, at + bytes)
    try {
      return zstdDecompressSync(file.subarray(at, at + bytes))
    } catch (error) {
      throw new InputError(`${path}: damaged within ${bytes} bytes from byte ${at} (import the trace again)`, { cause: error })
    }
  }
  const trace: Trace = JSON.parse(part(head.start, head.bytes).toString(), (_, value) =>
    isColumn(value) ? columnOf(value, part(columns + value.at, value.bytes)) : value,
  )
  if (end !== file.length) throw new InputError(`${path}: ${file.length - end} bytes after its end (import the trace again)`)
  return trace
}

function isColumn(value: unknown): value is ColumnHead {
  return typeof value === 'object' && value !== null && 'column' in value
}

function columnOf({ column, length }: ColumnHead, bytes: Buffer): Float64Array | Int32Array | Uint8Array {
  // A copy, because the bytes that come out of zlib need not lie where a column of doubles may begin.
  const values = new TYPES[column](length)
  new Uint8Array(values.buffer).set(bytes)
  return values
}
