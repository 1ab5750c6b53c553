import assert from 'node:assert/strict'
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { CoreV1Api, KubeConfig, type V1Node, type V1Pod } from '@kubernetes/client-node'

export const SHARED = fileURLToPath(new URL('../../../shared', import.meta.url))
export const CONTROL_PLANE = join(SHARED, 'cluster/control-plane')
const STOWAGE = fileURLToPath(new URL('../../cli/stowage.ts', import.meta.url))
const PORT_BASE = 27_000
const run = promisify(execFile)

const VERBS = ['filter', 'prioritize', 'preempt', 'bind'] as const

export interface SchedulerOptions {
  /** Where the extender is; null: none. */
  readonly extender?: string | null
  readonly verbs?: readonly (typeof VERBS)[number][]
  /** Percentage of the nodes to score; 0: kube-scheduler's own. */
  readonly percentage?: number
  /** One more, beside the first. */
  readonly second?: boolean
}

function schedulerConfig(kubeconfig: string, { extender, verbs, percentage }: Required<Omit<SchedulerOptions, 'second'>>): string {
  const named = verbs.map((verb) => `${verb}Verb: ${verb}`).join(', ')
  const extenders = extender
    ? `[{urlPrefix: "${extender}", ${named}, weight: 1, nodeCacheCapable: true, httpTimeout: ${HTTP_TIMEOUT}s}]`
    : '[]'
  return `apiVersion: kubescheduler.config.k8s.io/v1
kind: KubeSchedulerConfiguration
percentageOfNodesToScore: ${percentage}
clientConnection: {kubeconfig: "${kubeconfig}", qps: 5000, burst: 10000}
leaderElection: {leaderElect: false}
profiles:
- schedulerName: default-scheduler
  pluginConfig: [{name: NodeResourcesFit, args: {ignoredResourceGroups: [stowage.dev]}}]
extenders: ${extenders}
`
}

/** Seconds that kube-scheduler waits for the extender. */
export const HTTP_TIMEOUT = 5

export interface Cluster {
  readonly core: CoreV1Api
  readonly kubeconfig: string
  /** Where the extender listens. */
  readonly url: string
  /** Starts the extender, or starts it again; resolves when it is ready. */
  readonly startExtender: (...words: readonly string[]) => Promise<ChildProcess>
  /** Starts kube-scheduler, or starts it again. */
  readonly startScheduler: (options?: SchedulerOptions) => Promise<unknown>
  readonly stopScheduler: () => Promise<unknown>
  /** Ends a process of the control plane, and starts it as it was started. */
  readonly restart: (name: 'etcd' | 'apiserver', down: number) => Promise<void>
  readonly boundPods: () => Promise<ReadonlyMap<string, V1Pod>>
}

/** A control plane with these nodes, and an extender of these words to be started. */
export async function onControlPlane(
  nodes: readonly V1Node[],
  words: readonly string[],
  use: (cluster: Cluster) => Promise<void>,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'stowage-extender-'))
  const beside = mkdtempSync(join(tmpdir(), 'stowage-second-'))
  const env = { ...process.env, K8S_MINOR: process.env.K8S_MINOR ?? '1.36' }
  const controlPlane = (at: string, base: number, ...given: readonly string[]) =>
    run(CONTROL_PLANE, [given[0], at, ...given.slice(1)], { env: { ...env, PORT_BASE: String(base) }, maxBuffer: 2 ** 26 })
  const started: ChildProcess[] = []
  try {
    await controlPlane(folder, PORT_BASE, 'up', 'none')
    const kubeconfig = join(folder, 'kubeconfig')
    const config = new KubeConfig()
    config.loadFromFile(kubeconfig)
    const core = config.makeApiClient(CoreV1Api)
    for (const body of nodes) await core.createNode({ body })
    const url = `http://127.0.0.1:${PORT_BASE + 9}`
    await use({
      core,
      kubeconfig,
      url,
      startExtender: async (...more) => {
        const given = ['extender', ...words, '--kubeconfig', kubeconfig, '--listen', `127.0.0.1:${PORT_BASE + 9}`, ...more]
        const child = spawn(process.execPath, [STOWAGE, ...given], { stdio: ['ignore', 'ignore', 'inherit'] })
        started.push(child)
        await until('the extender is ready', 60, async () => (await fetch(`${url}/readyz`).catch(() => null))?.status === 200)
        return child
      },
      startScheduler: ({ extender = url, verbs = VERBS, percentage = 100, second = false } = {}) => {
        const configuration = join(folder, second ? 'second.yaml' : 'scheduler.yaml')
        writeFileSync(configuration, schedulerConfig(kubeconfig, { extender, verbs, percentage }))
        return controlPlane(second ? beside : folder, PORT_BASE + (second ? 20 : 0), 'scheduler', configuration, '-v=1')
      },
      stopScheduler: () => controlPlane(folder, PORT_BASE, 'stop-scheduler'),
      restart: async (name, down) => {
        const pidFile = join(folder, `${name}.pid`)
        const pid = Number(readFileSync(pidFile, 'utf8'))
        const [program, ...given] = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').slice(0, -1)
        const path = readFileSync(`/proc/${pid}/environ`, 'utf8')
        process.kill(pid, 'SIGKILL')
        await pause(1000 * down)
        const log = openSync(join(folder, `${name}.log`), 'a')
        const PATH = /(?:^|\0)PATH=([^\0]*)/.exec(path)?.[1]
        const child = spawn(program, given, { detached: true, stdio: ['ignore', log, log], env: { ...env, PATH } })
        child.unref()
        writeFileSync(pidFile, String(child.pid))
        await until(
          `${name} is there again`,
          60,
          async () =>
            await core.listNode({ limit: 1 }).then(
              () => true,
              () => false,
            ),
        )
      },
      boundPods: async () => {
        const { items } = await core.listNamespacedPod({ namespace: 'default' })
        return new Map(items.filter(({ spec }) => spec?.nodeName).map((pod) => [pod.metadata?.name ?? '', pod]))
      },
    })
  } finally {
    for (const child of started) {
      child.kill('SIGCONT')
      child.kill('SIGTERM')
    }
    await controlPlane(beside, PORT_BASE + 20, 'stop-scheduler')
    await controlPlane(folder, PORT_BASE, 'down')
    for (const one of [folder, beside]) rmSync(one, { recursive: true, force: true })
  }
}

export async function until(what: string, seconds: number, holds: () => Promise<boolean>): Promise<void> {
  for (const end = performance.now() + 1000 * seconds; performance.now() < end; await pause(250)) if (await holds()) return
  assert.fail(`never within ${seconds} s: ${what}`)
}
