import { closeSync, openSync, readSync } from 'node:fs'
import { InputError } from '../sim/index.ts'

const NAME = 'stowage-trace'
/** Rises with every change of what is stored, so that an older stowage says that it is older. */
const VERSION = 1
const LONGEST = 64

/** The first line of a stored trace: its form, its version, and the bytes of the JSON that follows. */
export function headLine(bytes: number): Buffer {
  return Buffer.from(`${NAME} ${VERSION} ${bytes}\n`)
}

/** Whether a file begins as a stored trace does. */
export function isStored(path: string): boolean {
  const begin = Buffer.alloc(NAME.length)
  const file = openSync(path, 'r')
  try {
    return readSync(file, begin, 0, begin.length, 0) === begin.length && begin.toString() === NAME
  } finally {
    closeSync(file)
  }
}

/** Where the JSON begins and how long it is. Throws InputError for another form or version. */
export function readHead(path: string, file: Buffer): { readonly start: number; readonly bytes: number } {
  const line = file.subarray(0, LONGEST).toString('latin1').split('\n', 1)[0]
  const [, version, bytes] = /^stowage-trace (\d+) (\d+)$/.exec(line) ?? []
  if (bytes === undefined) throw new InputError(`${path}: not a trace that stowage import wrote, or damaged at its first line`)
  if (Number(version) !== VERSION) {
    throw new InputError(`${path}: stored in version ${version}, and this stowage reads version ${VERSION} (import the trace again)`)
  }
  return { start: line.length + 1, bytes: Number(bytes) }
}
