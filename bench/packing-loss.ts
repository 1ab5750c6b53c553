import Table from 'cli-table3'
import { Command } from 'commander'
import { type Compared, compare, mean, pairedTest, type RunPlan } from '../experiments/index.ts'
import { InputError } from '../sim/index.ts'
import { figure } from './print-runs.ts'
import { above0, count } from './read-flag.ts'

/**
 * `npm run bench:packing-loss`: what scoring only the first so many machines with room costs in packing and gives in time, beside the
 * exact answer: machines needed, paired by seed, the share of CPU stranded in a whole run, and the seconds of both together.
 */
const program = new Command('bench:packing-loss')
  .description('what --enough and --relaxed cost in packing and give in time, beside the exact answer')
  .option('--packing <policies>', 'packing policies, separated by commas', 'best-fit,worst-fit,e-pvm')
  .option('--machines <n>', 'machines of the generated google-2011 cell', count, 1000)
  .option('--days <n>', 'length of its window', above0, 0.1)
  .option('--seeds <n>', 'how many seeds', count, 7)
  .option('--json', 'print JSON', false)
  .exitOverride()
  .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, 'bench:packing-loss: ')) })

interface Flags {
  readonly packing: string
  readonly machines: number
  readonly days: number
  readonly seeds: number
  readonly json: boolean
}

const SETTINGS = [
  { enough: 0, relaxed: false },
  ...[10, 50, 100].flatMap((enough) => [false, true].map((relaxed) => ({ enough, relaxed }))),
]

try {
  program.parse()
  await main(program.opts())
} catch (error) {
  if (error instanceof InputError) process.stderr.write(`bench:packing-loss: ${error.message}\n`)
  else if (!(error instanceof Error && 'exitCode' in error)) throw error
  process.exitCode = error instanceof Error && 'exitCode' in error && error.exitCode === 0 ? 0 : 2
}

async function main({ packing, machines, days, seeds, json }: Flags): Promise<void> {
  const policies = packing.split(',')
  const plan: RunPlan = {
    recipe: { from: { profile: 'google-2011', options: { machines, days } }, load: 1, unscheduled: 'drop' },
    combinations: policies.map((policy) => ({ admission: 'admit-all', packing: policy, overcommit: 'none' })),
    schedulers: {},
    seeds: Array.from({ length: seeds }, (_, i) => i + 1),
    ...{ tie: 'lowest-id', preemption: 'none', scoreStep: 0, warmUp: 0, check: false, machinesNeeded: true },
    enough: 0,
    relaxed: false,
    allowances: { copies: 2, picky: 0.002 },
  }
  const found: Compared[] = []
  // On one thread, since two that share a memory slow each other down.
  for (const setting of SETTINGS) found.push(await compare({ ...plan, ...setting }, { processes: 1 }))
  const rows = policies.flatMap((policy, p) => {
    const needed = (compared: Compared) => compared.machinesNeeded[p].trials.map(({ machines: count }) => count ?? Number.NaN)
    const exact = needed(found[0])
    return SETTINGS.map((setting, s) => {
      const own = needed(found[s])
      const { difference, interval } = pairedTest(
        own.map((one, i) => one - exact[i]),
        true,
      )
      const results = found[s].rows.filter((row) => row.packing === policy).map(({ result }) => result)
      const timing = found[s].timing.runs.filter((run) => run.packing === policy)
      return {
        packing: policy,
        ...setting,
        machines_needed: mean(own),
        more: difference,
        interval,
        cpu_stranded: mean(results.map(({ utilisation }) => utilisation.cpu.stranded)),
        wait_mean_s: mean(results.map(({ wait }) => wait.all.meanAtLeast)),
        simulate_seconds: mean(timing.map(({ simulateSeconds }) => simulateSeconds)),
        examined: mean(timing.map(({ machinesExamined, decisions }) => machinesExamined / decisions)),
      }
    })
  })
  if (json) {
    process.stdout.write(`${JSON.stringify({ machines, days, seeds, rows }, null, 2)}\n`)
    return
  }
  const head = ['', 'scored', 'machines needed', 'more than exact', 'CPU stranded', 'wait, s', 'simulation, s', 'examined']
  const table = new Table({ head, style: { head: [], border: [], compact: true } })
  for (const row of rows) {
    const [low, high] = row.interval ?? [row.more, row.more]
    table.push([
      row.packing,
      row.enough === 0 ? 'all' : `${row.enough}${row.relaxed ? ', relaxed' : ''}`,
      row.machines_needed.toFixed(1),
      row.enough === 0 ? '' : `${row.more.toFixed(1)} (${low.toFixed(1)} to ${high.toFixed(1)})`,
      `${(100 * row.cpu_stranded).toFixed(2)} %`,
      figure(row.wait_mean_s),
      figure(row.simulate_seconds),
      figure(row.examined),
    ])
  }
  process.stdout.write(`google-2011 of ${machines} machines, ${days} days, ${seeds} seeds\n${table}\n`)
}
