import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import Table from 'cli-table3'
import { Command } from 'commander'
import {
  KINDS,
  type ReplayResult,
  readRecording,
  readSchedulerConfig,
  recordingOf,
  recordLive,
  replayRecording,
} from '../extender/index.ts'
import { LATEST_MINOR } from '../policies/index.ts'
import { BORDERLESS, writeWhole } from '../reports/index.ts'
import { InputError } from '../sim/index.ts'
import { documentsIn } from '../workloads/index.ts'
import { readChoice, readCount, readList } from './read-value.ts'

interface CrosscheckFlags {
  readonly replay?: string
  readonly kubeconfig?: string
  readonly schedulerLog?: string
  readonly schedulerConfig?: string
  readonly kinds: string
  readonly nodes: string
  readonly pods: string
  readonly seed: string
  readonly record?: string
  readonly formatOut: string
}

/** How many differences of one recording are printed. */
const SHOWN = 10
/** Beyond, a scheduler does not look at all nodes. */
const MOST_NODES = 100

/** `stowage crosscheck`: holds the simulator against what a real kube-scheduler decided or decides; exit code 1 at any difference. */
export function crosscheckCommand(): Command {
  return new Command('crosscheck')
    .description('hold the simulator against a real kube-scheduler, decision by decision: one that runs, or what was recorded of one')
    .option('--replay <path>', 'a recording, or a folder of them: *.json of the format k8s-oracle/1')
    .option('--kubeconfig <file>', 'an empty cluster, in which fake nodes and pods are made and taken away again')
    .option('--scheduler-log <file>', "the log of that cluster's scheduler at -v=10; without it, only its choices are compared")
    .option('--scheduler-config <file>', "that scheduler's KubeSchedulerConfiguration; the default one where not given")
    .option('--kinds <kinds>', 'what the pods use', KINDS.join(','))
    .option('--nodes <n>', `how many nodes, at most ${MOST_NODES}`, '40')
    .option('--pods <n>', 'how many pods', '250')
    .option('--seed <n>', 'the seed of nodes and pods', '1')
    .option('--record <file>', 'write what was decided, for --replay')
    .option('--format-out <form>', 'what is printed: table or json', 'table')
    .action(async (flags: CrosscheckFlags) => {
      const form = readChoice('--format-out', ['table', 'json'] as const, flags.formatOut)
      const results = flags.replay === undefined ? [await runLive(flags)] : await replayAll(flags.replay)
      process.stdout.write(form === 'json' ? `${JSON.stringify(results, null, 1)}\n` : told(results))
      if (results.some(({ differences }) => differences.length > 0)) process.exitCode = 1
    })
}

async function replayAll(path: string): Promise<readonly ReplayResult[]> {
  const results: ReplayResult[] = []
  for (const file of await recordingsIn(path)) results.push(replayRecording(await readRecording(file)))
  return results
}

/** Records decisions as they are taken, and replays the recording. */
async function runLive(flags: CrosscheckFlags): Promise<ReplayResult> {
  if (flags.kubeconfig === undefined) throw new InputError('crosscheck: --replay PATH, or --kubeconfig FILE of an empty cluster, is needed')
  const kinds = readList('--kinds', flags.kinds).map((kind) => readChoice('--kinds', KINDS, kind))
  const content = await recordLive({
    kubeconfig: flags.kubeconfig,
    log: flags.schedulerLog,
    config: flags.schedulerConfig === undefined ? DEFAULT_CONFIG : await readConfig(flags.schedulerConfig),
    kinds,
    nodes: readCount('--nodes', flags.nodes, 1, MOST_NODES),
    pods: readCount('--pods', flags.pods),
    seed: readCount('--seed', flags.seed, 0, 1e15),
  })
  if (flags.record !== undefined) await writeWhole(flags.record, `${JSON.stringify(content)}\n`)
  return replayRecording(recordingOf({ ...content }, flags.record ?? content.title))
}

const DEFAULT_CONFIG = { apiVersion: 'kubescheduler.config.k8s.io/v1', kind: 'KubeSchedulerConfiguration' }

async function readConfig(path: string): Promise<unknown> {
  // Read as a whole first, so that what is not simulated is refused before anything is made.
  await readSchedulerConfig(path, LATEST_MINOR)
  return documentsIn(await readFile(path, 'utf8'), path)[0]
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
    chars: BORDERLESS,
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
