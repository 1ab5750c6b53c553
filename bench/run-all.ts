import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import Table from 'cli-table3'
import { InputError } from '../sim/index.ts'
import { readBaseline, saveBaseline } from './baseline.ts'
import { suites } from './hot/suites.ts'
import { figure } from './print-runs.ts'
import { scenarios } from './scenarios.ts'
import { spreadOf } from './spread.ts'

export interface AllOptions {
  /** How often each suite and scenario runs: all once, then all again. */
  readonly rounds: number
  /** Only those with this in their name. */
  readonly only: string
  readonly save: boolean
}

const ONCE = fileURLToPath(new URL('hot/suite-once.ts', import.meta.url))
const run = promisify(execFile)

/** Every suite and scenario, interleaved, each run in a fresh process; prints the medians, their spread, and their ratio to the baseline. */
export async function runAll({ rounds, only, save }: AllOptions): Promise<void> {
  const isChosen = (name: string) => name.includes(only)
  const chosen = [...Object.keys(suites), ...Object.keys(scenarios)].filter(isChosen)
  if (chosen.length === 0) {
    throw new InputError(
      `--only: nothing has this in its name: ${only} (have ${[...Object.keys(suites), ...Object.keys(scenarios)].join('; ')})`,
    )
  }
  const values = new Map<string, number[]>()
  const add = (name: string, value: number) => values.set(name, [...(values.get(name) ?? []), value])
  const skipped = new Map<string, string>()
  for (let round = 1; round <= rounds; round++) {
    for (const name of chosen) {
      process.stderr.write(`round ${round} of ${rounds}: ${name}\n`)
      if (Object.hasOwn(suites, name)) {
        const { stdout } = await run(process.execPath, [ONCE, name], { maxBuffer: 2 ** 26 })
        const { rates, skipped: why } = JSON.parse(stdout)
        if (why !== undefined) skipped.set(name, why)
        else for (const [one, rate] of Object.entries<number>(rates)) add(`${name}: ${one}`, rate)
      } else {
        const sample = await scenarios[name]()
        if (typeof sample === 'string') skipped.set(name, sample)
        else for (const [one, value] of Object.entries(sample)) if (isTold(one)) add(`${name}: ${one}`, value)
      }
    }
  }
  const measured = new Map([...values].map(([name, all]) => [name, spreadOf(all)]))
  const baseline = readBaseline()
  const table = new Table({ head: ['', 'median', 'least', 'most', '× baseline'], style: { head: [], border: [], compact: true } })
  for (const [name, { median, least, most }] of measured) {
    const before = baseline[name]
    table.push([name, figure(median), figure(least), figure(most), before === undefined ? '–' : (median / before).toFixed(2)])
  }
  process.stdout.write(`${table}\n`)
  for (const [name, why] of skipped) process.stdout.write(`skipped ${name}: ${why}\n`)
  if (save) saveBaseline(measured)
}

/** Of a whole run: how fast, and how much memory. */
function isTold(figure: string): boolean {
  return figure.endsWith('_per_second') || figure === 'peak_memory_bytes'
}
