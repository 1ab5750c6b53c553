import { readFileSync } from 'node:fs'
import { relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import Table from 'cli-table3'

interface Profile {
  readonly nodes: readonly { readonly id: number; readonly callFrame: Frame }[]
  /** Ids of nodes, and the microseconds before each. */
  readonly samples: readonly number[]
  readonly timeDeltas: readonly number[]
}

interface Frame {
  readonly functionName: string
  readonly url: string
  readonly lineNumber: number
}

const SHOWN = 15
const ROOT = fileURLToPath(new URL('..', import.meta.url))

/** The functions of a V8 CPU profile that took most time of their own, as a table; what V8 inlines counts for the function that it is inlined into. */
export function hottest(path: string): string {
  const { nodes, samples, timeDeltas }: Profile = JSON.parse(readFileSync(path, 'utf8'))
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]))
  const own = new Map<string, number>()
  for (const [i, id] of samples.entries()) {
    const name = nameOf(frames.get(id))
    own.set(name, (own.get(name) ?? 0) + timeDeltas[i])
  }
  const all = timeDeltas.reduce((sum, one) => sum + one, 0)
  const table = new Table({ head: ['', 'ms', 'share'], style: { head: [], border: [], compact: true } })
  for (const [name, time] of [...own].sort((a, b) => b[1] - a[1]).slice(0, SHOWN))
    table.push([name, Math.round(time / 1000), `${((100 * time) / all).toFixed(1)} %`])
  return `${table}`
}

function nameOf(frame: Frame | undefined): string {
  if (frame === undefined) return '(unknown)'
  const { functionName, url, lineNumber } = frame
  const place = url.startsWith('file:') ? ` ${relative(ROOT, fileURLToPath(url))}:${lineNumber + 1}` : url === '' ? '' : ` ${url}`
  return `${functionName || '(anonymous)'}${place}`
}
