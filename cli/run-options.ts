import type { Command } from 'commander'
import type { RunRequest } from './run-request.ts'

/** A cell and a load at which the packing policies differ, and small enough for a minute; see docs/profiles.md. */
const DEFAULT_TRACE = 'google-2011:machines=600,days=0.25'

/** The options of every command that simulates; parsed values are the fields of a RunRequest. */
export function addRunOptions(command: Command): Command {
  return command
    .argument('[trace]', 'a trace file or folder, or a built-in profile with settings', DEFAULT_TRACE)
    .option('--format <name>', 'the format of the trace; recognised by its look where not given')
    .option('--tasks <file>', 'alibaba-gpu-2023: which list of tasks, a name in the folder or a path')
    .option('--machine-list <file>', 'alibaba-gpu-2023: which list of machines, a name in the folder or a path')
    .option('--shape <amounts>', 'for traces without machines: what each of --machines has, as cpu=64,memory=1')
    .option('--machines <n>', 'a random subset of the machines by seed (2000 or 40%), or whole clones of all (250%)')
    .option('--load <factor>', 'thin or clone the arrivals', '1')
    .option('--unscheduled <rule>', 'runs that the trace never scheduled: drop, or sample a run time for them', 'drop')
    .option('--tie <rule>', 'among equally good machines: lowest-id, seeded-order, random or heap', 'lowest-id')
    .option('--preemption <rule>', 'who may be evicted for whom: none, borg or kube', 'none')
    .option('--score-step <step>', 'truncate scores to multiples of this before they are compared; 0 compares them as they are', '0')
    .option('--enough <n>', 'score only the first n machines with room, as Borg does; 0 scores all of them', '0')
    .option('--relaxed', 'with --enough: look from a random machine on in a random order, as Borg does', false)
    .option('--clones <n>', 'copies of the cell that machines needed may draw on (default: 2 for a built-in profile, 1 for a trace)')
    .option(
      '--picky <share>',
      'share of the tasks that machines needed may leave over (default: 0.2% for a built-in profile, 0 for a trace)',
    )
    .option('--seed <n>', 'the first seed', '1')
    .option('--warm-up <time>', 'leave this much of the opening out of the measures', '0s')
    .option('--check', 'verify after every event that nothing is lost or counted twice', false)
    .option('--processes <n>', 'worker threads (all cores where not given); results do not depend on it')
    .option('--out <folder>', 'where results and report go', 'out')
    .option('--format-out <form>', 'what is printed: table, csv or json', 'table')
    .option('--quiet', 'print nothing but errors', false)
}

export interface PrintOptions {
  readonly out: string
  readonly formatOut: string
  readonly quiet: boolean
  readonly processes?: string
}

/** What commander gives for a command with run options. */
export type RunFlags = Omit<RunRequest, 'trace'> & PrintOptions
