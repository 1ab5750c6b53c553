import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join, normalize } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const FOLDERS = ['sim', 'policies', 'workloads', 'experiments', 'reports', 'bench', 'extender', 'cli'] as const
type Folder = (typeof FOLDERS)[number]

/** What each folder may import of the others: values, or types only. */
const MAY_IMPORT: Readonly<Record<Folder, { readonly values: readonly string[]; readonly types?: readonly string[] }>> = {
  sim: { values: [] },
  // Of the values of sim, policies and reports know the one error that a user is to blame for.
  policies: { values: [], types: ['sim'] },
  workloads: { values: ['sim'] },
  experiments: { values: ['sim', 'policies', 'workloads'] },
  reports: { values: [], types: ['sim', 'experiments'] },
  bench: { values: ['sim', 'policies', 'workloads', 'experiments', 'extender'] },
  extender: { values: ['sim', 'policies', 'workloads'] },
  cli: { values: ['sim', 'policies', 'workloads', 'experiments', 'reports', 'extender'] },
}
const EVERYWHERE = 'InputError'

/** Longer than 250 lines, and why that is still one idea. */
const LONG: Readonly<Record<string, string>> = {
  'sim/simulation.ts': 'the event loop',
  'sim/allocator.ts': 'every way to ask for a machine, over one set of buffers',
  'sim/cell.ts': 'the columns of the cell and the two calls that change them',
  'extender/serve/cluster-state.ts': 'who holds what where, and the one cell that is made of it',
  'sim/trace-builder.ts': 'the one builder of the one table type',
}

interface Import {
  readonly from: string
  readonly to: string
  /** Names of imported values; types are left out. `*` for all. */
  readonly values: readonly string[]
}

function filesUnder(folder: string): string[] {
  if (!existsSync(join(ROOT, folder))) return []
  return readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(ts|js|mjs)$/.test(entry.name) && !entry.name.endsWith('.d.ts'))
    .map((entry) => join(entry.parentPath, entry.name).slice(ROOT.length))
    .filter((file) => !file.includes('node_modules'))
}

/** The imports of a file from this project, by paths from its root. */
function importsOf(file: string): Import[] {
  const source = readFileSync(join(ROOT, file), 'utf8')
  const found: Import[] = []
  const add = (specifier: string, values: readonly string[]) => {
    if (specifier.startsWith('.')) found.push({ from: file, to: normalize(join(dirname(file), specifier)), values })
  }
  for (const [, isType, names, specifier] of source.matchAll(/^(?:import|export)\s+(type\s)?\s*([^'"`;]*?)\s*from\s+['"]([^'"]+)['"]/gm)) {
    add(specifier, isType ? [] : valuesOf(names))
  }
  for (const [, specifier] of source.matchAll(/^import\s+['"]([^'"]+)['"]/gm)) add(specifier, ['*'])
  for (const [, specifier] of source.matchAll(/\bimport\(\s*['"]([^'"]+)['"]\s*\)/g)) add(specifier, ['*'])
  return found
}

/** `{ type A, b, c as d }` → b, c. */
function valuesOf(names: string): string[] {
  const braces = /\{([\s\S]*)\}/.exec(names)
  if (!braces) return ['*']
  return braces[1]
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '' && !name.startsWith('type '))
    .map((name) => name.split(/\s/)[0])
}

const folderOf = (file: string) => file.split('/')[0]
const files = FOLDERS.flatMap(filesUnder)
const imports = files.flatMap(importsOf)
const told = ({ from, to }: Import) => `${from} imports ${to}`

test('there is something to look at, and imports are found', () => {
  for (const folder of FOLDERS)
    assert.ok(
      files.some((file) => folderOf(file) === folder),
      folder,
    )
  assert.ok(imports.length > 200)
  assert.ok(imports.every(({ to }) => existsSync(join(ROOT, to))))
  const [simulate] = imports.filter(({ from, to }) => from === 'sim/simulate.ts' && to === 'sim/measures.ts')
  assert.deepEqual(simulate.values, ['Measures'])
})

test('folders import only what lies below them, and types only where that is said', () => {
  const wrong = imports.filter(({ from, to, values }) => {
    const [mine, other] = [folderOf(from), folderOf(to)]
    if (mine === other || other.includes('.')) return false
    const may = MAY_IMPORT[mine as Folder]
    if (may.values.includes(other)) return false
    if (!may.types?.includes(other)) return true
    return !values.every((name) => other === 'sim' && name === EVERYWHERE)
  })
  assert.deepEqual(wrong.map(told), [])
})

test('another folder is imported by its index, one’s own by the file', () => {
  const wrong = imports.filter(({ from, to }) => {
    if (folderOf(to).includes('.')) return false
    const isIndex = to === `${folderOf(to)}/index.ts`
    return folderOf(from) === folderOf(to) ? isIndex : !isIndex
  })
  assert.deepEqual(wrong.map(told), [])
})

/** Groups whose members must not know each other; the others in the same folder serve them. */
const SIBLINGS: Readonly<Record<string, (file: string) => boolean>> = {
  // The formula that best-fit and worst-fit share is no policy.
  policies: (file) => /^policies\/(packing|admission|overcommit)\/[\w-]+\.ts$/.test(file) && basename(file) !== 'remainder.ts',
  plugins: (file) => file.startsWith('policies/kube/plugins/'),
  charts: (file) => file.startsWith('reports/charts/'),
  loaders: (file) =>
    ['alibaba-2017', 'alibaba-gpu-2023', 'csv', 'google-2011', 'kubernetes', 'philly', 'stored-trace', 'swf'].some(
      (name) => file === `workloads/${name}.ts`,
    ),
  commands: (file) =>
    ['compare', 'crosscheck', 'extender', 'explain', 'fill', 'generate', 'import', 'policies', 'report', 'simulate'].some(
      (name) => file === `cli/${name}.ts`,
    ),
}

for (const [what, isOne] of Object.entries(SIBLINGS)) {
  test(`${what} never import each other`, () => {
    assert.ok(files.filter(isOne).length > 4)
    assert.deepEqual(imports.filter(({ from, to }) => isOne(from) && isOne(to)).map(told), [])
  })
}

test('no imports of values go in a circle', () => {
  const next = new Map<string, string[]>()
  for (const { from, to, values } of imports) if (values.length > 0) next.set(from, [...(next.get(from) ?? []), to])
  const done = new Set<string>()
  const visit = (file: string, path: readonly string[]): void => {
    if (path.includes(file)) assert.fail([...path.slice(path.indexOf(file)), file].join(' → '))
    if (done.has(file)) return
    for (const to of next.get(file) ?? []) visit(to, [...path, file])
    done.add(file)
  }
  for (const file of files) visit(file, [])
})

test('every file has a name that says its idea', () => {
  assert.deepEqual(
    files.filter((file) => /^(utils?|helpers?|types?|common|misc|shared)\./.test(basename(file))),
    [],
  )
})

test('no file is longer than 250 lines, save those that are named', () => {
  const long = files
    .filter((file) => folderOf(file) !== 'bench' && file.endsWith('.ts'))
    .filter((file) => readFileSync(join(ROOT, file), 'utf8').trimEnd().split('\n').length > 250)
  assert.deepEqual(
    long.filter((file) => !(file in LONG)),
    [],
  )
  assert.deepEqual(
    Object.keys(LONG).filter((file) => !long.includes(file)),
    [],
    'named as long, and is not',
  )
})
