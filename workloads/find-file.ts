import { readdir, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
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
  const path = /[/\\]/.test(name) ? name : join(folder, name)
  if (found === null) throw new InputError(`${path}: no such file, nor ${name}.gz`)
  return found
}

/** As `findFile`, but null where there is none. A name with a slash in it is a path of its own, wherever the folder is. */
export async function findOptional(folder: string, name: string): Promise<string | null> {
  if (/[/\\]/.test(name)) return findOptional(dirname(name), basename(name))
  const names = (await listFolder(folder)) ?? []
  const found = [name, `${name}.gz`].find((candidate) => names.includes(candidate))
  return found === undefined ? null : join(folder, found)
}
