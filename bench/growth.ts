import { readFileSync, writeFileSync } from 'node:fs'
import { Command, InvalidArgumentError } from 'commander'
import { packingPolicies, parsePacking } from '../policies/index.ts'
import type { PackingPolicy } from '../sim/index.ts'
import { drawGrowth, type GrowthPoint } from './draw-growth.ts'
import { freshProcess } from './fresh-process.ts'
import { spreadOf } from './spread.ts'

/**
 * `npm run docs:performance`: packs cells of growing size with each policy, keeps what was measured in `bench/growth.json`, and draws
 * docs/images/growth-*.svg from it. What is measured anew takes the place of what was there.
 */
const FILE = new URL('growth.json', import.meta.url)
const EVERYWHERE = Object.entries<PackingPolicy>(packingPolicies).flatMap(([name, { cells }]) => (cells === undefined ? [name] : []))

interface Flags {
  readonly least: number
  readonly most: number
  readonly packing: readonly string[]
  readonly runs: number
  readonly longest: number
  readonly measure: boolean
}

const program = new Command('docs:performance')
  .description('measures how placing grows with the cell, and draws it')
  .option('--least <hosts>', 'the smallest cell', count, 1000)
  .option('--most <hosts>', 'the largest cell', count, 100_000)
  .option('--packing <policies>', 'packing policies, separated by commas', policies, EVERYWHERE)
  .option('--runs <n>', 'runs of each, in turns', count, 5)
  .option('--longest <seconds>', 'a policy whose run took longer is left out of larger cells', count, 60)
  .option('--no-measure', 'only draw what is there')

const { least, most, packing, runs, longest, measure } = program.parse().opts<Flags>()
const points = new Map<string, GrowthPoint>(read().map((point) => [keyOf(point), point]))
if (measure) await measureAll()
await drawGrowth([...points.values()])

async function measureAll(): Promise<void> {
  const slow = new Set<string>()
  for (const hosts of sizes()) {
    const chosen = packing.filter((policy) => !slow.has(policy))
    const samples = new Map(chosen.map((policy) => [policy, [] as Awaited<ReturnType<typeof freshProcess>>[]]))
    for (let run = 0; run < runs; run++) {
      for (const [policy, taken] of samples) {
        taken.push(await freshProcess('placements', { hosts, vmsPerHost: 2, churn: 0, packing: policy, seed: 1 }))
      }
    }
    for (const [policy, taken] of samples) {
      const { median, least: slowest, most: fastest } = spreadOf(taken.map((one) => one.placements_per_second))
      const memory = spreadOf(taken.map((one) => one.peak_memory_bytes)).median
      const seconds = spreadOf(taken.map((one) => one.seconds)).median
      const point = {
        packing: policy,
        hosts,
        placements_per_second: median,
        least: slowest,
        most: fastest,
        peak_memory_bytes: memory,
        runs,
      }
      points.set(keyOf(point), point)
      process.stdout.write(`${policy}, ${hosts} hosts: ${Math.round(median)} placements/s, ${(memory / 2 ** 20).toFixed(0)} MiB\n`)
      if (seconds > longest) {
        slow.add(policy)
        process.stdout.write(`${policy} took ${seconds.toFixed(0)} s: left out of larger cells\n`)
      }
    }
    // After each size, so that a long series that is cut short keeps what it has.
    const sorted = [...points.values()].sort((a, b) => a.hosts - b.hosts || (a.packing < b.packing ? -1 : 1))
    writeFileSync(FILE, `${JSON.stringify(sorted, null, 2)}\n`)
  }
}

/** 1, 3, 10, 30 … times a thousand, from the least to the most. */
function sizes(): readonly number[] {
  const steps = Array.from({ length: 20 }, (_, i) => (i % 2 === 0 ? 1 : 3) * 10 ** Math.floor(i / 2))
  return steps.filter((hosts) => hosts >= least && hosts <= most)
}

function read(): GrowthPoint[] {
  return JSON.parse(readFileSync(FILE, 'utf8'))
}

function keyOf({ packing, hosts }: GrowthPoint): string {
  return `${packing}/${hosts}`
}

function count(text: string): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value) || value < 1) throw new InvalidArgumentError('(a whole number from 1 would do)')
  return value
}

function policies(text: string): readonly string[] {
  return text.split(',').map((name) => parsePacking(name).name)
}
