import { Command } from 'commander'
import { createExtender, LOG_LEVELS, MODES, type ServeOptions } from '../extender/index.ts'
import { parsePacking } from '../policies/index.ts'
import { InputError, SECOND, TIES } from '../sim/index.ts'
import { readMix } from './read-mix.ts'
import { readChoice, readCount, readDuration } from './read-value.ts'

interface ExtenderFlags {
  readonly packing: string
  readonly kubeconfig?: string
  readonly mode: string
  readonly mix?: string
  readonly mixTasks?: string
  readonly tie: string
  readonly scoreStep: string
  readonly seed: string
  readonly listen: string
  readonly monitor?: string
  readonly tlsCert?: string
  readonly tlsKey?: string
  readonly clientCa?: string
  readonly letThrough: string
  readonly mostScore: string
  readonly expiry: string
  readonly grace: string
  readonly settle: string
  readonly driftEvery: string
  readonly driftSettle: string
  readonly bodyLimit: string
  readonly requestTimeout: string
  readonly logLevel: string
}

/** `stowage extender`: serves a packing policy to kube-scheduler until it is told to stop. */
export function extenderCommand(): Command {
  return new Command('extender')
    .description('serve a packing policy to kube-scheduler over HTTP, as a scheduler extender')
    .requiredOption('--packing <policy>', 'the packing policy, as for compare: one, or a weighted sum')
    .option('--kubeconfig <file>', 'how to reach the API server (default: KUBECONFIG, ~/.kube/config, or the pod’s service account)')
    .option('--mode <mode>', 'decide: filter gives one node and reserves it; advise: all with room, and prioritize their scores', 'decide')
    .option(
      '--mix <trace>',
      'the work to come, for policies like fgd: a trace, or a built-in profile (default: the pods that are there at the start)',
    )
    .option('--mix-tasks <file>', 'alibaba-gpu-2023: which list of tasks the mix is')
    .option('--tie <rule>', 'among equally good nodes: lowest-id (in kube-scheduler’s order), seeded-order or random', 'lowest-id')
    .option('--score-step <step>', 'truncate scores to multiples of this before they are compared; 0 compares them as they are', '0')
    .option('--seed <n>', 'for ties and policies of chance', '1')
    .option('--listen <address>', 'where kube-scheduler posts to, as host:port', '127.0.0.1:8888')
    .option('--monitor <address>', 'a second address with /healthz, /readyz, /metrics and /explain only, always plain HTTP')
    .option('--tls-cert <file>', 'serve HTTPS with this certificate')
    .option('--tls-key <file>', 'and this key')
    .option('--client-ca <file>', 'and answer only clients with a certificate of this CA')
    .option('--let-through <namespaces>', 'pods of these namespaces pass unchanged', 'kube-system')
    .option('--most-score <n>', 'what prioritize gives the best node, the worst having 0', '10')
    .option('--expiry <time>', 'ask the API server about a reservation that was not seen bound after this', '60s')
    .option('--grace <time>', 'the same where the scheduler says that it failed', '2s')
    .option('--settle <time>', 'after the first list, wait this long for binds under way before answering', '3s')
    .option('--drift-every <time>', 'compare the state with the API server this often; 0s never', '5m')
    .option('--drift-settle <time>', 'what differs must still do so after this, to count as drift', '5s')
    .option('--body-limit <bytes>', 'refuse larger requests', String(10 * 2 ** 20))
    .option('--request-timeout <time>', 'give up on clients that take longer to send a request', '10s')
    .option('--log-level <level>', `${LOG_LEVELS.join(', ')}; debug has every decision`, 'info')
    .action(async (flags: ExtenderFlags) => {
      const extender = await createExtender(await readOptions(flags))
      const stopped = new Promise<void>((resolve) => {
        for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve(extender.stop()))
      })
      // Told to stop, it need not have got ready.
      await Promise.race([extender.start().then(() => stopped), stopped])
      // The client keeps sockets of its own that would hold the process.
      process.exit(0)
    })
}

/** Throws InputError for the first value that is wrong. */
async function readOptions(flags: ExtenderFlags): Promise<ServeOptions> {
  const { policy, parameters } = parsePacking(flags.packing)
  const scoreStep = Number(flags.scoreStep)
  if (!(scoreStep >= 0 && Number.isFinite(scoreStep))) throw new InputError(`--score-step: not a number from 0: ${flags.scoreStep}`)
  const mix = flags.mix === undefined ? null : await readMix(flags.mix, flags.mixTasks)
  if (mix === null && policy.cells === 'gpu')
    process.stderr.write(
      `stowage: ${flags.packing} goes by the work to come; without --mix it takes the pods that are there at the start for it\n`,
    )
  const time = (option: string, text: string) => readDuration(option, text) / (SECOND / 1000)
  return {
    policy,
    parameters,
    mix,
    mode: readChoice('--mode', MODES, flags.mode),
    tie: readChoice('--tie', TIES, flags.tie),
    scoreStep,
    seed: readCount('--seed', flags.seed, 0, 1e15),
    listen: readAddress('--listen', flags.listen),
    monitor: flags.monitor === undefined ? null : readAddress('--monitor', flags.monitor),
    tls: readTls(flags),
    letThrough: new Set(flags.letThrough.split(',').filter((name) => name !== '')),
    mostScore: readCount('--most-score', flags.mostScore, 1, 1_000_000),
    expiry: time('--expiry', flags.expiry),
    grace: time('--grace', flags.grace),
    settle: time('--settle', flags.settle),
    driftEvery: time('--drift-every', flags.driftEvery),
    driftSettle: time('--drift-settle', flags.driftSettle),
    bodyLimit: readCount('--body-limit', flags.bodyLimit, 1024, 2 ** 30),
    requestTimeout: Math.max(1, time('--request-timeout', flags.requestTimeout)),
    logLevel: readChoice('--log-level', LOG_LEVELS, flags.logLevel),
    kubeconfig: flags.kubeconfig,
  }
}

function readTls({ tlsCert: cert, tlsKey: key, clientCa }: ExtenderFlags): ServeOptions['tls'] {
  if (cert !== undefined && key !== undefined) return { cert, key, clientCa }
  if (cert !== undefined || key !== undefined) throw new InputError('--tls-cert and --tls-key: one needs the other')
  if (clientCa !== undefined) throw new InputError('--client-ca: only HTTPS knows its clients (give --tls-cert and --tls-key)')
  return null
}

function readAddress(option: string, text: string): ServeOptions['listen'] {
  const [, host, port] = /^(?:\[(?=.*\]:))?([^\]]+?)\]?:(\d+)$/.exec(text) ?? []
  if (host === undefined) throw new InputError(`${option}: not an address: ${text} (127.0.0.1:8888 or [::]:8888 would do)`)
  return { host, port: readCount(option, port, 0, 65_535) }
}
