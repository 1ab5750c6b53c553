import { readFileSync, writeFileSync } from 'node:fs'
import type { Spread } from './spread.ts'

const FILE = new URL('baseline.json', import.meta.url)

/** Medians by name, as they were when they were last saved; rates in 1/s. Another machine has others, so save your own first. */
export type Baseline = Readonly<Record<string, number>>

export function readBaseline(): Baseline {
  return JSON.parse(readFileSync(FILE, 'utf8'))
}

/** What is measured anew takes the place of what was there; the rest stays. */
export function saveBaseline(measured: ReadonlyMap<string, Spread>): void {
  const medians = [...measured].map(([name, { median }]) => [name, Number(median.toPrecision(4))])
  writeFileSync(FILE, `${JSON.stringify({ ...readBaseline(), ...Object.fromEntries(medians) }, null, 2)}\n`)
}
