import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import Table from 'cli-table3'
import { Command } from 'commander'
import {
  type AskedExtender,
  checkAsItStands,
  KINDS,
  type ReplayResult,
  readRecording,
  recordingOf,
  recordLive,
  replayRecording,
  SHARES,
  schedulerProfiles,
} from '../extender/index.ts'
import { LATEST_MINOR, parsePacking } from '../policies/index.ts'
import { BORDERLESS, writeWhole } from '../reports/index.ts'
import { InputError } from '../sim/index.ts'
import { documentsIn } from '../workloads/index.ts'
import { readMix } from './read-mix.ts'
import { readChoice, readCount, readList } from './read-value.ts'

interface CrosscheckFlags {
  readonly replay?: string
  readonly kubeconfig?: string
  readonly schedulerLog?: string
  readonly schedulerConfig?: string
  readonly schedulerName: string
  readonly extender?: string
  readonly mix?: string
  readonly asItStands?: boolean
  readonly image?: string
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
    .option('--scheduler-name <name>', 'the scheduler that the pods ask for', 'default-scheduler')
    .option('--extender <policy>', 'that scheduler asks our extender, in mode decide with this packing policy: hold it against the policy')
    .option('--mix <trace>', 'with --extender: the work to come that it was told, a trace or a built-in profile')
    .option(
      '--as-it-stands',
      'a cluster with work of its own: no fake nodes, small real pods beside what is there, which evict nobody and are taken away again',
    )
    .option('--image <image>', 'with --as-it-stands: what the pods run (default: an image named pause that a node has)')
    .option('--kinds <kinds>', `what the pods use; with --extender also ${SHARES}`, KINDS.join(','))
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
  const extender = await readExtender(flags)
  const request = {
    kubeconfig: flags.kubeconfig,
    schedulerName: flags.schedulerName,
    config: flags.schedulerConfig === undefined ? DEFAULT_CONFIG : await readConfig(flags.schedulerConfig, extender !== undefined),
    extender,
    pods: readCount('--pods', flags.pods),
    seed: readCount('--seed', flags.seed, 0, 1e15),
  }
  if (flags.asItStands) {
    if (flags.record !== undefined)
      throw new InputError('--record: what a cluster as it stands has of others is not recorded (leave one out)')
    return checkAsItStands({ ...request, image: flags.image })
  }
  const content = await recordLive({
    ...request,
    log: flags.schedulerLog,
    kinds: readList('--kinds', flags.kinds).map((kind) => readChoice('--kinds', extender ? [...KINDS, SHARES] : KINDS, kind)),
    nodes: readCount('--nodes', flags.nodes, 1, MOST_NODES),
  })
  if (flags.record !== undefined) await writeWhole(flags.record, `${JSON.stringify(content)}\n`)
  return replayRecording(recordingOf({ ...content }, flags.record ?? content.title))
}

const DEFAULT_CONFIG = { apiVersion: 'kubescheduler.config.k8s.io/v1', kind: 'KubeSchedulerConfiguration' }

async function readExtender({ extender: packing, mix }: CrosscheckFlags): Promise<AskedExtender | undefined> {
  if (packing === undefined) {
    if (mix !== undefined) throw new InputError('--mix: only an extender is told of the work to come (give --extender)')
    return undefined
  }
  const { policy } = parsePacking(packing)
  if (mix === undefined && policy.cells === 'gpu')
    throw new InputError(`--extender: ${packing} goes by the work to come (give --mix as the extender was)`)
  return { packing, mix: mix === undefined ? [] : await readMix(mix) }
}

/** With our extender asked, what the file says of extenders is not read. */
async function readConfig(path: string, hasExtender: boolean): Promise<unknown> {
  const text = await readFile(path, 'utf8').catch(() => {
    throw new InputError(`--scheduler-config: no such file: ${path}`)
  })
  const [document] = documentsIn(text, path)
  // How the API server is reached decides nothing, and is no part of a recording.
  const config = {
    ...(document as object),
    clientConnection: undefined,
    leaderElection: undefined,
    ...(hasExtender && { extenders: undefined }),
  }
  // Read as a whole first, so that what is not simulated is refused before anything is made.
  schedulerProfiles(config, path, LATEST_MINOR)
  return config
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
