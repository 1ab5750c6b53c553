import Table from 'cli-table3'
import { Command } from 'commander'
import { figure } from '../print-runs.ts'
import { count } from '../read-flag.ts'
import { type Spread, spreadOf } from '../spread.ts'
import { accasim } from './accasim.ts'
import { cloudsimplus } from './cloudsimplus.ts'
import { Missing } from './run-peer.ts'
import { simcore } from './simcore.ts'
import { simpy } from './simpy.ts'

interface Compared {
  readonly peer: string
  readonly work: string
  readonly theirs: Spread
  readonly ours: Spread
  /** Of the medians: how many times as long theirs takes. */
  readonly ratio: number
}

/** `npm run bench:peers`: other simulators beside ours, on the same work, their runs in turns with ours. */
const program = new Command('bench:peers')
  .description('runs other simulators beside ours on the same work, in turns, and prints the ratio')
  .option('--hosts <n>', 'hosts for CloudSim Plus; twice as many VMs, 2.5 times as many cloudlets', count, 1000)
  .option('--events <n>', 'events for simcore and SimPy', count, 500_000)
  .option('--jobs <n>', 'jobs for AccaSim', count, 20_000)
  .option('--runs <n>', 'runs of each', count, 5)
  .option('--only <text>', 'only work whose name, or its peer’s, has this in it', '')
  .option('--json', 'print JSON', false)
  .exitOverride()
  .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, 'bench:peers: ')) })

try {
  program.parse()
  await main(program.opts())
} catch (error) {
  if (!(error instanceof Error && 'exitCode' in error)) throw error
  process.exitCode = error.exitCode === 0 ? 0 : 2
}

interface Flags {
  readonly hosts: number
  readonly events: number
  readonly jobs: number
  readonly runs: number
  readonly only: string
  readonly json: boolean
}

async function main({ runs, only, json, ...sizes }: Flags): Promise<void> {
  const compared: Compared[] = []
  const skipped: { readonly peer: string; readonly why: string }[] = []
  for (const peer of [cloudsimplus, accasim, simcore, simpy]) {
    const chosen = peer.work(sizes).filter(({ name }) => `${peer.name} ${name}`.includes(only))
    if (chosen.length === 0) continue
    try {
      await peer.prepare()
    } catch (error) {
      if (!(error instanceof Missing)) throw error
      skipped.push({ peer: peer.name, why: error.message })
      continue
    }
    for (const { name, theirs, ours } of chosen) {
      const seconds: { theirs: number[]; ours: number[] } = { theirs: [], ours: [] }
      for (let run = 0; run < runs; run++) {
        seconds.theirs.push(await theirs())
        seconds.ours.push(await ours())
      }
      const spread = { theirs: spreadOf(seconds.theirs), ours: spreadOf(seconds.ours) }
      compared.push({ peer: peer.name, work: name, ...spread, ratio: spread.theirs.median / spread.ours.median })
    }
  }
  if (json) {
    process.stdout.write(`${JSON.stringify({ runs, compared, skipped }, null, 2)}\n`)
    return
  }
  const table = new Table({ head: ['', 'theirs, s', 'ours, s', 'times as fast'], style: { head: [], border: [], compact: true } })
  const range = ({ median, least, most }: Spread) => `${figure(median)} (${figure(least)}–${figure(most)})`
  for (const { peer, work, theirs, ours, ratio } of compared) table.push([`${peer}\n${work}`, range(theirs), range(ours), figure(ratio)])
  if (compared.length > 0) process.stdout.write(`${table}\n`)
  for (const { peer, why } of skipped) process.stdout.write(`SKIPPED ${peer}: ${why}\n`)
}
