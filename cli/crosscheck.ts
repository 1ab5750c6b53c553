import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import Table from 'cli-table3'
import { Command } from 'commander'
import { type ReplayResult, readRecording, replayRecording } from '../extender/index.ts'
import { InputError } from '../sim/index.ts'
import { readChoice } from './read-value.ts'

interface CrosscheckFlags {
  readonly replay: string
  readonly formatOut: string
}

/** How many differences of one recording are printed. */
const SHOWN = 10

/** `stowage crosscheck`: holds the simulator against what a real kube-scheduler decided; exit code 1 at any difference. */
export function crosscheckCommand(): Command {
  return new Command('crosscheck')
    .description('hold the simulator against decisions recorded from a real kube-scheduler, one by one')
    .requiredOption('--replay <path>', 'a recording, or a folder of them: *.json of the format k8s-oracle/1')
    .option('--format-out <form>', 'what is printed: table or json', 'table')
    .action(async ({ replay, formatOut }: CrosscheckFlags) => {
      const form = readChoice('--format-out', ['table', 'json'] as const, formatOut)
      const results: ReplayResult[] = []
      for (const file of await recordingsIn(replay)) results.push(replayRecording(await readRecording(file)))
      process.stdout.write(form === 'json' ? `${JSON.stringify(results, null, 1)}\n` : told(results))
      if (results.some(({ differences }) => differences.length > 0)) process.exitCode = 1
    })
}

async function recordingsIn(path: string): Promise<readonly string[]> {
  const found = await stat(path).catch(() => null)
  if (!found) throw new InputError(`--replay: no such file or folder: ${path}`)
  if (!found.isDirectory()) return [path]
  const files = (await readdir(path, { recursive: true })).filter((name) => name.endsWith('.json')).sort()
  if (files.length === 0) throw new InputError(`--replay: no recording in ${path} (*.json would do)`)
  return files.map((name) => join(path, name))
}

function told(results: readonly ReplayResult[]): string {
  const table = new Table({
    head: ['recording', 'scheduler', 'decisions', 'scores', 'placed', 'unschedulable', 'preempting', 'ties, as taken', 'differences'],
    colAligns: ['left', 'left', 'right', 'right', 'right', 'right', 'right', 'right', 'right'],
    style: { head: [], border: [] },
    chars: BARE,
  })
  for (const { file, scheduler, decisions, scores, placed, unschedulable, preemptions, ties, tiesEqual, differences } of results)
    table.push([file, scheduler, decisions, scores, placed, unschedulable, preemptions, `${ties}, ${tiesEqual}`, differences.length])
  const sum = (of: (result: ReplayResult) => number) => results.reduce((all, result) => all + of(result), 0)
  const differences = sum((result) => result.differences.length)
  const details = results.flatMap((result) =>
    result.differences.length === 0
      ? []
      : [
          `\n${result.file}`,
          ...result.differences
            .slice(0, SHOWN)
            .map(({ pod, what, recorded, simulated }) => `  ${pod}: ${what}: recorded ${recorded}, simulated ${simulated}`),
          ...(result.differences.length > SHOWN ? [`  … and ${result.differences.length - SHOWN} more (--format-out json has all)`] : []),
        ],
  )
  const verdict = `${sum(({ decisions }) => decisions)} decisions, ${sum(({ scores }) => scores)} scores: ${differences === 0 ? 'no difference' : `${differences} differences`}`
  return `${[table.toString(), ...details, '', verdict].join('\n')}\n`
}

const BARE = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '  ',
}
