import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { CoreV1Api, KubeConfig, type V1Node, type V1Pod } from '@kubernetes/client-node'
import { controlPlaneOf } from './control-plane.ts'
import { type Asking, askingExtender, startExtender, until } from './extender-process.ts'

const PORT_BASE = 27_000

export interface SchedulerOptions extends Partial<Asking> {
  /** One more, beside the first. */
  readonly second?: boolean
}

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
  minor: string,
  nodes: readonly V1Node[],
  words: readonly string[],
  use: (cluster: Cluster) => Promise<void>,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'stowage-extender-'))
  const beside = mkdtempSync(join(tmpdir(), 'stowage-second-'))
  const controlPlane = controlPlaneOf(minor, PORT_BASE)
  const secondScheduler = controlPlaneOf(minor, PORT_BASE + 20)
  const started: ChildProcess[] = []
  try {
    await controlPlane('up', folder, 'none')
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
        const child = await startExtender(PORT_BASE + 9, [...words, '--kubeconfig', kubeconfig, ...more])
        started.push(child)
        return child
      },
      startScheduler: ({ extender = url, second = false, ...asking } = {}) => {
        const configuration = join(folder, second ? 'second.yaml' : 'scheduler.yaml')
        writeFileSync(configuration, askingExtender(kubeconfig, { extender, ...asking }))
        return second
          ? secondScheduler('scheduler', beside, configuration, '-v=1')
          : controlPlane('scheduler', folder, configuration, '-v=1')
      },
      stopScheduler: () => controlPlane('stop-scheduler', folder),
      restart: async (name, down) => {
        const pidFile = join(folder, `${name}.pid`)
        const pid = Number(readFileSync(pidFile, 'utf8'))
        const [program, ...given] = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').slice(0, -1)
        const path = readFileSync(`/proc/${pid}/environ`, 'utf8')
        process.kill(pid, 'SIGKILL')
        await pause(1000 * down)
        const log = openSync(join(folder, `${name}.log`), 'a')
        const PATH = /(?:^|\0)PATH=([^\0]*)/.exec(path)?.[1]
        const child = spawn(program, given, { detached: true, stdio: ['ignore', log, log], env: { ...process.env, PATH } })
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
    await secondScheduler('stop-scheduler', beside)
    await controlPlane('down', folder)
    for (const one of [folder, beside]) rmSync(one, { recursive: true, force: true })
  }
}
