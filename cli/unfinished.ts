import { createHash, type Hash } from 'node:crypto'
import { readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { KeptAnswers } from '../experiments/index.ts'
import { makeFolder, writeWhole } from '../reports/index.ts'

/**
 * Keeps the answer of each run in `unfinished/` of the output folder until the whole is written, so that a kill loses at most
 * the runs in progress. Answers are taken up again only for the same plan, the same trace and the same code.
 */
export async function unfinished<Answer>(
  out: string,
  plan: object,
): Promise<KeptAnswers<Answer> & { readonly clear: () => Promise<void> }> {
  const folder = join(out, 'unfinished')
  const key = await keyOf(plan)
  const keyFile = join(folder, 'key')
  const known = await readFile(keyFile, 'utf8').catch(() => '')
  if (known !== key) {
    await rm(folder, { recursive: true, force: true })
    await makeFolder(folder)
    await writeWhole(keyFile, key)
  }
  const file = (order: number) => join(folder, `${order}.json`)
  return {
    get: async (order) => {
      const text = await readFile(file(order), 'utf8').catch(() => null)
      return text === null ? undefined : JSON.parse(text)
    },
    put: (order, answer) => writeWhole(file(order), JSON.stringify(answer)),
    clear: () => rm(folder, { recursive: true, force: true }),
  }
}

async function keyOf(plan: object): Promise<string> {
  const hash = createHash('sha256')
  addValue(hash, plan)
  for (const folder of ['sim', 'policies', 'workloads', 'experiments']) {
    const root = join(import.meta.dirname, '..', folder)
    for (const name of (await readdir(root, { recursive: true })).sort()) {
      if (/\.(ts|js|json)$/.test(name)) hash.update(name).update(await readFile(join(root, name)))
    }
  }
  return hash.digest('hex')
}

/** Plain data and typed arrays, in their own order. */
function addValue(hash: Hash, value: unknown): void {
  if (ArrayBuffer.isView(value)) hash.update(new Uint8Array(value.buffer, value.byteOffset, value.byteLength))
  else if (typeof value === 'object' && value !== null) {
    for (const [key, one] of Object.entries(value)) {
      hash.update(`${key}:`)
      addValue(hash, one)
    }
  } else hash.update(`${typeof value} ${value};`)
}
