import { open } from 'node:fs/promises'
import { pipeline } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { InputError } from '../sim/index.ts'

const CHUNK = 1 << 18

/**
 * The bytes of a file, chunk by chunk, unpacked when they are gzip (told by its first two bytes, whatever its name).
 * Throws InputError when the file is missing, a folder, empty, named `.gz` without being gzip, or cut off.
 */
export async function* readBytes(path: string): AsyncGenerator<Buffer> {
  const handle = await open(path).catch((error: NodeJS.ErrnoException) => {
    throw unreadable(path, error)
  })
  try {
    const head = await handle.read(Buffer.alloc(2), 0, 2, 0)
    if (head.bytesRead === 0) throw new InputError(`${path}: empty file`)
    const gzip = head.buffer[0] === 0x1f && head.buffer[1] === 0x8b
    if (!gzip && path.endsWith('.gz')) throw new InputError(`${path}: not gzip, though its name ends in .gz (rename or gzip it)`)
    const file = handle.createReadStream({ start: 0, highWaterMark: CHUNK, autoClose: false })
    const bytes = gzip ? pipeline(file, createGunzip({ chunkSize: CHUNK }), () => {}) : file
    let length = 0
    for await (const chunk of bytes as AsyncIterable<Buffer>) {
      length += chunk.length
      yield chunk
    }
    if (length === 0) throw new InputError(`${path}: empty file (gzip of nothing)`)
  } catch (error) {
    throw error instanceof InputError ? error : unreadable(path, error as NodeJS.ErrnoException)
  } finally {
    await handle.close()
  }
}

/** Errors of the system and of zlib that the input is to blame for become InputError; others pass. */
export function unreadable(path: string, error: NodeJS.ErrnoException): Error {
  if (error.code === 'ENOENT') return new InputError(`${path}: no such file or folder`)
  if (error.code === 'EISDIR') return new InputError(`${path}: a folder where a file was expected`)
  if (error.code === 'EACCES') return new InputError(`${path}: may not be read`)
  if (error.code === 'Z_BUF_ERROR') return new InputError(`${path}: gzip data cut off (truncated file; fetch it again)`)
  if (error.code?.startsWith('Z_')) return new InputError(`${path}: damaged gzip data (${error.message}; fetch it again)`)
  return error
}
