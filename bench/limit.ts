import Table from 'cli-table3'
import { Command } from 'commander'
import { randomStream } from '../sim/index.ts'
import { figure } from './print-runs.ts'
import { count } from './read-flag.ts'
import { spreadOf } from './spread.ts'
import { below } from './vm-cell.ts'

/**
 * `npm run bench:limit`: what this machine can do at most from one thread of JavaScript, for the nanoseconds of a decision to be held
 * against: a plain scan of all machines, memory read from end to end and copied, and reads each of which waits for the one before.
 */
const program = new Command('bench:limit')
  .description('what this machine can do at most: scans, memory bandwidth and dependent reads, warm')
  .option('--runs <n>', 'runs of each', count, 7)
  .option('--json', 'print JSON', false)
  .parse()
const { runs, json } = program.opts<{ readonly runs: number; readonly json: boolean }>()

interface Limit {
  readonly name: string
  readonly unit: string
  /** Does the work once and gives the figure. */
  readonly measure: () => number
}

/** Where sums go, so that no compiler can leave the work out. */
const sink = new Float64Array(1)

const limits: readonly Limit[] = [
  ...[1000, 10_000, 100_000, 1_000_000].map(scan),
  ...[2 ** 18, 2 ** 24, 2 ** 28].map(read),
  copy(2 ** 28),
  ...[2 ** 15, 2 ** 18, 2 ** 21, 2 ** 24, 2 ** 27].map(chase),
]
const measured = limits.map(({ name, unit, measure }) => {
  measure()
  return { name, unit, ...spreadOf(Array.from({ length: runs }, measure)) }
})
if (json) process.stdout.write(`${JSON.stringify({ runs, measured }, null, 2)}\n`)
else {
  const table = new Table({ head: ['', '', 'median', 'least', 'most'], style: { head: [], border: [], compact: true } })
  for (const { name, unit, median, least, most } of measured) table.push([name, unit, ...[median, least, most].map(figure)])
  process.stdout.write(`${table}\n`)
}

/** Best fit with nothing kept: every machine's two columns looked at for every decision, the best kept. */
function scan(machines: number): Limit {
  const draw = randomStream(1, 'limit')
  const [cpu, memory] = [0, 1].map(() => Float64Array.from({ length: machines }, () => draw()))
  const decisions = Math.ceil(2e7 / machines)
  return {
    name: `scan of ${machines.toLocaleString('en')} machines, two columns`,
    unit: 'ns a machine',
    measure: () => {
      const began = performance.now()
      for (let decision = 0; decision < decisions; decision++) sink[0] += fullest(cpu, memory, (decision % 16) / 32)
      return ((performance.now() - began) * 1e6) / decisions / machines
    },
  }
}

/** Of the machines with so much of both, the one with the least of them together. */
function fullest(cpu: Float64Array, memory: Float64Array, asked: number): number {
  let best = -1
  let least = Number.POSITIVE_INFINITY
  for (let m = 0; m < cpu.length; m++) {
    const left = cpu[m] + memory[m]
    if (cpu[m] < asked || memory[m] < asked || left >= least) continue
    least = left
    best = m
  }
  return best
}

/** Doubles added up from end to end. */
function read(bytes: number): Limit {
  const values = new Float64Array(bytes / 8).fill(1)
  const times = Math.ceil(2 ** 29 / bytes)
  return {
    name: `read of ${size(bytes)} from end to end`,
    unit: 'GB/s',
    measure: () => {
      const began = performance.now()
      for (let time = 0; time < times; time++) sink[0] += sum(values)
      return (bytes * times) / (performance.now() - began) / 1e6
    },
  }
}

/** In four parts, since a single sum would wait for itself at every addition. */
function sum(values: Float64Array): number {
  let [a, b, c, d] = [0, 0, 0, 0]
  for (let i = 0; i < values.length; i += 4) {
    a += values[i]
    b += values[i + 1]
    c += values[i + 2]
    d += values[i + 3]
  }
  return a + b + c + d
}

function copy(bytes: number): Limit {
  const from = new Float64Array(bytes / 8).fill(1)
  const to = new Float64Array(bytes / 8)
  return {
    name: `copy of ${size(bytes)}`,
    unit: 'GB/s',
    measure: () => {
      const began = performance.now()
      to.set(from)
      return bytes / (performance.now() - began) / 1e6
    },
  }
}

/** One cycle through all of the memory in random order (Sattolo): each read says where the next one is, as a tree's do. */
function chase(bytes: number): Limit {
  const length = bytes / 4
  const draw = randomStream(1, 'limit')
  const next = Int32Array.from({ length }, (_, i) => i)
  for (let i = length - 1; i > 0; i--) {
    const j = below(draw, i)
    const other = next[i]
    next[i] = next[j]
    next[j] = other
  }
  const reads = 2e6
  let at = 0
  return {
    name: `read that waits for the one before, anywhere in ${size(bytes)}`,
    unit: 'ns',
    measure: () => {
      const began = performance.now()
      at = follow(next, at, reads)
      sink[0] += at
      return ((performance.now() - began) * 1e6) / reads
    },
  }
}

function follow(next: Int32Array, from: number, reads: number): number {
  let at = from
  for (let done = 0; done < reads; done++) at = next[at]
  return at
}

function size(bytes: number): string {
  return bytes < 2 ** 20 ? `${bytes / 2 ** 10} KiB` : `${bytes / 2 ** 20} MiB`
}
