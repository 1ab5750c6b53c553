import { existsSync, rmSync } from 'node:fs'
import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { csvOf, generateTrace, openTrace, storeTrace, writeCsv } from '../../workloads/index.ts'
import type { Case } from './case.ts'

const REAL = fileURLToPath(new URL('../../../shared/traces/', import.meta.url))

/** Whole traces from disk: the published ones, each by its loader. */
export async function loaders(): Promise<readonly Case[] | string> {
  const traces = {
    'google-2011': 'google-2011',
    'alibaba-gpu-2023': 'alibaba-gpu-v2023',
    philly: 'philly',
    swf: 'pwa-swf/NASA-iPSC-1993-3.1-cln.swf.gz',
  }
  const found = Object.entries(traces).filter(([, path]) => existsSync(join(REAL, path)))
  if (found.length === 0) return 'the published traces are not at ../shared/traces'
  return found.map(([name, path]) => ({ name, run: () => openTrace(join(REAL, path)) }))
}

/** The same generated trace in the two forms that are ours. */
export async function ourForms(): Promise<readonly Case[]> {
  const folder = await mkdtemp(join(tmpdir(), 'stowage-bench-'))
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
  const trace = generateTrace('google-2011', { machines: 1000, days: 0.25, seed: 1 })
  await writeCsv(folder, csvOf(trace))
  await writeFile(join(folder, 'stored'), storeTrace(trace))
  return [
    { name: 'csv', run: () => openTrace(folder) },
    { name: 'stored', run: () => openTrace(join(folder, 'stored')) },
  ]
}
