import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { InputError } from '../sim/index.ts'

/** The names in a folder, sorted, or null when the path is a file. Throws InputError when there is neither. */
export async function listFolder(path: string): Promise<readonly string[] | null> {
  const found = await stat(path).catch(() => null)
  if (!found) throw new InputError(`${path}: no such file or folder`)
  return found.isDirectory() ? (await readdir(path)).sort() : null
}

/** The file of this name in a folder, plain or with `.gz`. Throws InputError when there is neither. */
export async function findFile(folder: string, name: string): Promise<string> {
  const found = await findOptional(folder, name)
  if (found === null) throw new InputError(`${join(folder, name)}: no such file, nor ${name}.gz`)
  return found
}

/** As `findFile`, but null where there is none. */
export async function findOptional(folder: string, name: string): Promise<string | null> {
  const names = (await listFolder(folder)) ?? []
  const found = [name, `${name}.gz`].find((candidate) => names.includes(candidate))
  return found === undefined ? null : join(folder, found)
}
