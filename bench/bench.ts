import { join } from 'node:path'
import { Command, CommanderError, Option } from 'commander'
import { InputError, PREEMPTIONS } from '../sim/index.ts'
import type { benchmarks, OptionsOf } from './benchmarks.ts'
import { freshProcess } from './fresh-process.ts'
import { hottest } from './hottest.ts'
import type { Sample } from './measured.ts'
import { CELLS, WITHOUT } from './placements.ts'
import { printRuns } from './print-runs.ts'
import { TABLES } from './read.ts'
import { above0, count, packing } from './read-flag.ts'
import { type AllOptions, runAll } from './run-all.ts'

/** `npm run bench`: all hot paths against the baseline; `npm run bench -- placements …` and its like: one thing, in fresh processes. */
const program = new Command('bench')
  .description('measures how fast it is: with no command, all hot paths and whole runs against the saved baseline')
  .option('--rounds <n>', 'how often each suite runs, interleaved with the others', count, 3)
  .option('--only <text>', 'leave out suites and scenarios whose name has not this in it', '')
  .option('--save', 'write the medians to bench/baseline.json', false)
  .action((options: AllOptions) => runAll(options))

measures('placements', 'VMs placed one by one on equal hosts of 144 cores, from a cold start')
  .addOption(
    new Option('--cell <kind>', 'DSLab’s equal hosts and VMs, or machines and tasks like openb’s, with GPUs').choices(CELLS).default('vms'),
  )
  .option('--hosts <n>', 'how many hosts', count, 10_000)
  .option('--vms-per-host <n>', 'VMs (or tasks) placed, a host', count, 2)
  .option('--churn [rounds]', 'after that, so many times half of the VMs leave and as many come (5 where not said)', count)
  .option('--packing <policy>', 'packing policy', packing, 'best-fit')
  .addOption(new Option('--without <trick>', 'what the allocator is to do without, to see what it gives').choices(WITHOUT))
  .action(({ churn = 0, ...flags }) => measure('placements', { ...flags, churn: churn === true ? 5 : churn }))

measures('replay', 'a whole simulated run: a google-2011 cell, or with --hosts one like CloudSim Plus’s')
  .option('--machines <n>', 'machines of the google-2011 cell', count, 1000)
  .option('--days <n>', 'length of its window', above0, 1)
  .option('--hosts <n>', 'in its stead: so many hosts, and VMs and cloudlets that all arrive at once and finish', count)
  .option('--vms <n>', 'how many VMs (twice the hosts where not given)', count)
  .option('--cloudlets <n>', 'how many cloudlets (2.5 times the hosts where not given)', count)
  .option('--trace <path>', 'in its stead: a trace of any format, reading it counted apart')
  .option('--packing <policy>', 'packing policy', packing, 'best-fit')
  .addOption(new Option('--preemption <rule>', 'who may be evicted for whom').choices(PREEMPTIONS).default('none'))
  .action(({ hosts = 0, vms = 2 * hosts, cloudlets = Math.round(2.5 * hosts), ...flags }) =>
    measure('replay', { ...flags, hosts, vms, cloudlets }),
  )

measures('queue', 'the event queue by itself: the first event taken, another put in')
  .option('--pending <n>', 'events in the queue', count, 100_000)
  .option('--events <n>', 'events taken', count, 5_000_000)
  .action((flags) => measure('queue', flags))

measures('read', 'reading a trace: rows from gzip to columns')
  .addOption(new Option('--table <name>', 'a table of google-2011, or a whole trace of any form').choices(TABLES).default('task_events'))
  .option('--path <path>', 'where it is', '../shared/traces/google-2011')
  .option('--reads <n>', 'reads a run', count, 20)
  .action((flags) => measure('read', flags))

function measures(name: string, description: string): Command {
  return program
    .command(name)
    .description(description)
    .option('--seed <n>', 'the seed', count, 1)
    .option('--runs <n>', 'fresh processes, one after the other', count, 5)
    .option('--json', 'print JSON', false)
    .option('--profile <folder>', 'one run, its CPU profile written to this folder, and the functions that took most time')
}

async function measure<Name extends keyof typeof benchmarks>(
  name: Name,
  { runs, json, profile, ...options }: OptionsOf<Name> & { readonly runs: number; readonly json: boolean; readonly profile?: string },
): Promise<void> {
  if (profile !== undefined) {
    await freshProcess(name, options as unknown as OptionsOf<Name>, [
      '--cpu-prof',
      `--cpu-prof-dir=${profile}`,
      `--cpu-prof-name=${name}.cpuprofile`,
    ])
    const path = join(profile, `${name}.cpuprofile`)
    process.stdout.write(`${hottest(path)}\n${path}\n`)
    return
  }
  const samples: Sample[] = []
  while (samples.length < runs) samples.push(await freshProcess(name, options as unknown as OptionsOf<Name>))
  printRuns(name, options, samples, json)
}

try {
  program.exitOverride().configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, 'bench: ')) })
  for (const command of program.commands) command.exitOverride().copyInheritedSettings(program)
  await program.parseAsync()
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2
  else if (error instanceof InputError) {
    process.stderr.write(`bench: ${error.message}\n`)
    process.exitCode = 2
  } else throw error
}
