import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { InputError } from '../sim/index.ts'
import type { benchmarks, OptionsOf } from './benchmarks.ts'
import type { Sample } from './measured.ts'

const ONCE = fileURLToPath(new URL('measure-once.ts', import.meta.url))
const run = promisify(execFile)

/** One measurement in a process of its own, so that no run profits from another's warm code or memory; `flags` are Node's. */
export async function freshProcess<Name extends keyof typeof benchmarks>(
  name: Name,
  options: OptionsOf<Name>,
  flags: readonly string[] = [],
): Promise<Sample> {
  try {
    const { stdout } = await run(process.execPath, [...flags, ONCE, name, JSON.stringify(options)], { maxBuffer: 2 ** 26 })
    return JSON.parse(stdout)
  } catch (error) {
    const said = /^InputError: (.*)$/m.exec(error instanceof Error ? error.message : '')
    if (said) throw new InputError(said[1])
    throw error
  }
}
