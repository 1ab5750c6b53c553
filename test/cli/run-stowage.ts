import { execFile } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'
import { fileURLToPath } from 'node:url'

const COMMAND = fileURLToPath(new URL('../../cli/stowage.ts', import.meta.url))

export interface Ended {
  readonly code: number
  readonly out: string
  readonly error: string
}

/** Runs the command in a process of its own, as a user would. */
export function stowage(...words: readonly string[]): Promise<Ended> {
  return new Promise((done) => {
    const settings = { env: { ...process.env, NO_COLOR: '1' }, timeout: 120_000, killSignal: 'SIGKILL', maxBuffer: 2 ** 26 } as const
    const child = execFile(process.execPath, [COMMAND, ...words], settings, (_, out, error) =>
      done({ code: child.exitCode ?? -1, out, error }),
    )
  })
}

/** A folder for one test file, gone after it. */
export function scratchFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'stowage-test-'))
  after(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** Every file under a folder, by its path in it. */
export function contentOf(folder: string): Map<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  const paths = files.map((entry) => join(entry.parentPath, entry.name)).sort()
  return new Map(paths.map((path) => [path.slice(folder.length + 1), readFileSync(path, 'utf8')]))
}
