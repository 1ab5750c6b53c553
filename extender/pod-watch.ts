import { setTimeout as wait } from 'node:timers/promises'
import { type KubeConfig, type V1Pod, Watch } from '@kubernetes/client-node'
import { InputError } from '../sim/index.ts'

/** How long nothing may be heard of a pod that is waited for, milliseconds. */
const PATIENCE = 60_000

/** The pods of some namespaces as the API server tells of them, to be waited for; no two of them have one name. */
export class PodWatch {
  private readonly pods = new Map<string, V1Pod>()
  private readonly config: KubeConfig
  private readonly spaces: readonly string[]
  private waiting: (() => void) | null = null
  private watching: AbortController | null = null
  private hasEnded = false

  constructor(config: KubeConfig, spaces: readonly string[]) {
    this.config = config
    this.spaces = spaces
  }

  /** Pods with the label; `heard` is told of every one, in the order of the changes, those of other namespaces too. */
  async follow(labelSelector: string, heard?: (pod: V1Pod, isGone: boolean) => void): Promise<void> {
    this.watching = await new Watch(this.config).watch(
      '/api/v1/pods',
      labelSelector === '' ? {} : { labelSelector },
      (kind: string, pod: V1Pod) => {
        const { name = '', namespace = '' } = pod.metadata ?? {}
        heard?.(pod, kind === 'DELETED')
        if (this.spaces.includes(namespace) && kind === 'DELETED') this.pods.delete(name)
        else if (this.spaces.includes(namespace)) this.pods.set(name, pod)
        this.waiting?.()
      },
      () => {
        this.hasEnded = true
        this.waiting?.()
      },
    )
  }

  stop(): void {
    this.watching?.abort()
  }

  /** Names of pods that are there. */
  present(): ReadonlySet<string> {
    return new Set(this.pods.keys())
  }

  count(holds: (pod: V1Pod) => boolean): number {
    return [...this.pods.values()].filter(holds).length
  }

  /** The pod, as soon as this holds of it. */
  async until(name: string, holds: (pod: V1Pod) => boolean): Promise<V1Pod> {
    for (;;) {
      const pod = this.pods.get(name)
      if (pod && holds(pod)) return pod
      await this.news(name)
    }
  }

  async untilGone(name: string): Promise<void> {
    while (this.pods.has(name)) await this.news(name)
  }

  private async news(name: string): Promise<void> {
    const patience = new AbortController()
    const told = new Promise<boolean>((done) => {
      this.waiting = () => done(true)
    })
    const lost = wait(PATIENCE, false, { signal: patience.signal }).catch(() => true)
    const came = await Promise.race([told, lost])
    patience.abort()
    this.waiting = null
    if (this.hasEnded) throw new InputError('--kubeconfig: the API server ended the watch on pods, so what came since is not known')
    if (!came) throw new InputError(`pod ${name}: nothing from the scheduler for ${PATIENCE / 1000} s (is one running?)`)
  }
}

/** What the scheduler last said of a pod that it did not bind: that no node will do. A failure of its own is no answer. */
export function turnedDown({ status }: V1Pod): boolean {
  const told = status?.conditions?.find(({ type }) => type === 'PodScheduled')
  return told?.status === 'False' && told.reason === 'Unschedulable'
}
