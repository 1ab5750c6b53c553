import { mkdir, open, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { InputError } from '../sim/index.ts'

const REMEDIES: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full: make room or choose another folder',
  EDQUOT: 'your disk quota is used up: make room or choose another folder',
  EACCES: 'no permission: choose a folder that you may write to',
  EPERM: 'no permission: choose a folder that you may write to',
  ENOENT: 'no folder can be made there: choose another place',
  EROFS: 'the disk is read-only: choose another folder',
  ENOTDIR: 'a file is in the way: choose another folder, or move that file',
  EEXIST: 'a file is in the way: choose another folder, or move that file',
  EISDIR: 'a folder of that name is in the way: move it, or choose another folder',
  ENAMETOOLONG: 'the name is too long: choose a shorter one',
}

/** Writes a file so that under its name there is, whatever happens, the old content or the whole new one. */
export async function writeWhole(path: string, content: string | Uint8Array): Promise<void> {
  // In the same folder, because a rename is only atomic within one disk.
  const temporary = join(dirname(path), `.${basename(path)}.${process.pid}.part`)
  try {
    const file = await open(temporary, 'w')
    try {
      await file.writeFile(content)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(temporary, path)
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined)
    throw cannot('write', path, error)
  }
}

/** Makes a folder and those above it, if they are not there. */
export async function makeFolder(path: string): Promise<void> {
  try {
    await makeFolders(path)
  } catch (error) {
    throw cannot('make the folder', path, error)
  }
}

/** Step by step, because Node's own `recursive` never comes back where no folder can be made, as under /proc. */
async function makeFolders(path: string): Promise<void> {
  const above = dirname(path)
  if (above !== path && !(await isThere(above))) await makeFolders(above)
  if (!(await isThere(path))) await mkdir(path)
  else if (!(await stat(path)).isDirectory()) throw Object.assign(new Error(`not a folder: ${path}`), { code: 'ENOTDIR' })
}

async function isThere(path: string): Promise<boolean> {
  try {
    await stat(path)
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false
    throw error
  }
}

/** An error of the file system as one that tells the user what would do; any other as it is. */
export function cannot(what: string, path: string, error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : undefined
  if (code === undefined) return error
  return new InputError(`cannot ${what} ${path}: ${REMEDIES[code] ?? (error as Error).message}`, { cause: error })
}
