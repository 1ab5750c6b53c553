import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isCollection, LineCounter, parseAllDocuments } from 'yaml'
import { InputError } from '../../sim/index.ts'
import { listFolder } from '../find-file.ts'
import type { KubeObject } from './objects.ts'

export const isManifest = (name: string): boolean => /\.(ya?ml|json)$/i.test(name)

/** All objects in a file of YAML or JSON, or in a folder of such files and its folders: documents one after another, and what is in `List`s. Throws InputError with file and line. */
export async function readObjects(path: string): Promise<readonly KubeObject[]> {
  const names = await listFolder(path)
  if (names === null) return objectsIn(await readFile(path, 'utf8'), path)
  const found: KubeObject[] = []
  for (const name of names) {
    const inside = join(path, name)
    if ((await listFolder(inside)) !== null || isManifest(name)) found.push(...(await readObjects(inside)))
  }
  return found
}

/** The objects in a text of YAML or JSON. */
export function objectsIn(text: string, file: string): readonly KubeObject[] {
  return documentsIn(text, file).flatMap((one) => unlist(one, file))
}

/** The values of all documents in a text of YAML or JSON. */
export function documentsIn(text: string, file: string): readonly unknown[] {
  // Large lists come as JSON, which the platform reads fifty times faster.
  if (/^\s*[[{]/.test(text)) {
    try {
      return [JSON.parse(text)]
    } catch {
      // Several objects one after another, or YAML in braces, or a mistake, which is told with its line below.
    }
    const lines = text.split('\n').filter((line) => line.trim() !== '')
    try {
      return lines.map((line) => JSON.parse(line))
    } catch {
      // As above.
    }
  }
  const lineCounter = new LineCounter()
  const documents = parseAllDocuments(text, { lineCounter, version: '1.2', intAsBigInt: false })
  if (!Array.isArray(documents)) return []
  return documents.flatMap((document) => {
    const [error] = document.errors
    if (error)
      throw new InputError(`${file}:${lineCounter.linePos(error.pos[0]).line}: ${error.message.split('\n')[0].replace(/ at line .*$/, '')}`)
    if (document.contents === null || !isCollection(document.contents)) {
      if (document.contents === null || document.toJS() === null) return []
      const line = lineCounter.linePos(document.contents.range?.[0] ?? 0).line
      throw new InputError(
        `${file}:${line}: not an object: ${String(document.toJS()).slice(0, 40)} (YAML or JSON with apiVersion and kind would do)`,
      )
    }
    return [document.toJS()]
  })
}

function unlist(value: unknown, file: string): readonly KubeObject[] {
  if (value === null) return []
  if (Array.isArray(value)) return value.flatMap((one) => unlist(one, file))
  if (typeof value !== 'object') throw new InputError(`${file}: not an object: ${String(value).slice(0, 40)}`)
  const object = value as KubeObject & { readonly items?: readonly unknown[] }
  if (object.kind === undefined)
    throw new InputError(`${file}: an object without a kind: ${JSON.stringify(value).slice(0, 60)} (kubectl get -o yaml prints it)`)
  if (!object.kind.endsWith('List') || !Array.isArray(object.items)) return [object]
  // Items of a PodList do not repeat what they are.
  const kind = object.kind.slice(0, -'List'.length)
  return object.items.flatMap((item) => unlist(kind === '' ? item : { kind, ...(item as object) }, file))
}
