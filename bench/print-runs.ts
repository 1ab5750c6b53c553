import Table from 'cli-table3'
import type { Sample } from './measured.ts'
import { spreads } from './spread.ts'

/** Prints what was measured: medians and their spread, as a table or as JSON. */
export function printRuns(benchmark: string, options: object, samples: readonly Sample[], json: boolean): void {
  const spread = spreads(samples)
  if (json) {
    const medians = Object.fromEntries(Object.entries(spread).map(([name, { median }]) => [name, median]))
    process.stdout.write(`${JSON.stringify({ benchmark, ...options, runs: samples.length, ...medians, spread, samples }, null, 2)}\n`)
    return
  }
  const table = new Table({ head: ['', 'median', 'least', 'most'], style: { head: [], border: [], compact: true } })
  for (const [name, { median, least, most }] of Object.entries(spread)) table.push([name, ...[median, least, most].map(figure)])
  const settings = Object.entries(options).map(([name, value]) => `${name} ${value}`)
  process.stdout.write(`${benchmark} · ${settings.join(' · ')} · ${samples.length} runs\n${table}\n`)
}

/** Three digits, so that noise does not look like knowledge. */
export function figure(value: number): string {
  return new Intl.NumberFormat('en', { maximumSignificantDigits: 3 }).format(value)
}
