import { setTimeout as wait } from 'node:timers/promises'
import {
  CoreV1Api,
  KubeConfig,
  PatchStrategy,
  SchedulingV1Api,
  setHeaderOptions,
  type V1Pod,
  VersionApi,
  Watch,
} from '@kubernetes/client-node'
import { InputError } from '../sim/index.ts'
import { nodeOf, podOf, type RecordedNode, type RecordedPod, type RecordingContent } from './recording.ts'

/** On everything that is made here, so that it is found again. */
const OURS = 'stowage.dev/crosscheck'
const SPACE = 'default'
/** So that the scheduler comes to know nodes in the order in which they are made. */
const BETWEEN_NODES = 15
const PATIENCE = 60_000

/** A cluster without kubelets: fake nodes and pods that are only ever scheduled. */
export class LiveCluster {
  private readonly config = new KubeConfig()
  private readonly core: CoreV1Api
  private readonly scheduling: SchedulingV1Api
  private readonly pods = new Map<string, V1Pod>()
  private waiting: (() => void) | null = null
  private watching: AbortController | null = null
  private binds = 0

  constructor(kubeconfig: string) {
    try {
      this.config.loadFromFile(kubeconfig)
    } catch (error) {
      throw new InputError(`--kubeconfig: ${kubeconfig}: ${error instanceof Error ? error.message : error}`)
    }
    this.core = this.config.makeApiClient(CoreV1Api)
    this.scheduling = this.config.makeApiClient(SchedulingV1Api)
  }

  async version(): Promise<string> {
    return (await this.config.makeApiClient(VersionApi).getCode()).gitVersion
  }

  /** Throws InputError where something lives there that is not from here. */
  async claim(): Promise<void> {
    const nodes = (await this.core.listNode()).items.filter(({ metadata }) => metadata?.labels?.[OURS] === undefined)
    const pods = (await this.core.listPodForAllNamespaces()).items.filter(({ metadata }) => metadata?.labels?.[OURS] === undefined)
    if (nodes.length > 0 || pods.length > 0)
      throw new InputError(
        `--kubeconfig: the cluster has ${nodes.length} nodes and ${pods.length} pods of its own (one that is empty would do: fake nodes would attract real pods)`,
      )
    await this.clear()
  }

  async addPriorityClasses(classes: NonNullable<RecordingContent['priorityClasses']>): Promise<void> {
    for (const { name, value, preemptionPolicy } of classes)
      await this.scheduling.createPriorityClass({ body: { metadata: { name, labels: { [OURS]: '' } }, value, preemptionPolicy } })
  }

  async addNodes(nodes: readonly RecordedNode[]): Promise<void> {
    for (const recorded of nodes) {
      const { metadata, spec, status } = nodeOf(recorded)
      const amounts = Object.fromEntries(Object.entries(status?.allocatable ?? {}).map(([name, amount]) => [name, String(amount)]))
      const made = {
        metadata: { name: metadata?.name, labels: { ...metadata?.labels, [OURS]: '' } },
        spec: {
          unschedulable: spec?.unschedulable,
          taints: spec?.taints?.map(({ key = '', value, effect = '' }) => ({ key, value, effect })),
        },
        status: {
          allocatable: amounts,
          capacity: amounts,
          images: status?.images?.map(({ names, sizeBytes }) => ({ names: [...(names ?? [])], sizeBytes })),
          conditions: [
            {
              type: 'Ready',
              status: 'True',
              reason: 'KubeletReady',
              message: '',
              lastHeartbeatTime: new Date(0),
              lastTransitionTime: new Date(0),
            },
          ],
        },
      }
      await this.core.createNode({ body: made })
      await wait(BETWEEN_NODES)
    }
  }

  /** Follows the pods, for `outcome`. */
  async follow(): Promise<void> {
    this.watching = await new Watch(this.config).watch(
      `/api/v1/namespaces/${SPACE}/pods`,
      { labelSelector: OURS },
      (kind: string, pod: V1Pod) => {
        const name = pod.metadata?.name ?? ''
        if (kind === 'DELETED') this.pods.delete(name)
        else this.pods.set(name, pod)
        this.waiting?.()
      },
      () => this.waiting?.(),
    )
  }

  /** Makes the pod and waits until the scheduler has bound it, or given up; nodes by name. */
  async submit(recorded: RecordedPod): Promise<{ readonly pod: V1Pod; readonly first: V1Pod | null }> {
    const { metadata, spec } = podOf(recorded)
    const name = metadata?.name ?? ''
    const body = {
      metadata: { name, labels: { ...metadata?.labels, [OURS]: '' } },
      // What the API server adds by itself is left out, and what it needs put in.
      spec: {
        ...spec,
        tolerations: recorded.tolerations,
        terminationGracePeriodSeconds: 0,
        containers: spec?.containers?.map((container) => ({ image: 'example.invalid/none:v1', ...container })),
      },
    } as unknown as V1Pod
    await this.core.createNamespacedPod({ namespace: SPACE, body })
    let first: V1Pod | null = null
    const pod = await this.until(name, (seen) => {
      if (seen.spec?.nodeName) return true
      const told = seen.status?.conditions?.find(({ type }) => type === 'PodScheduled')
      if (told?.status !== 'False') return false
      first ??= seen
      return !seen.status?.nominatedNodeName
    })
    if (pod.spec?.nodeName) await this.start(name)
    else await this.remove(name)
    return { pod, first }
  }

  /** Names of pods that are there. */
  present(): ReadonlySet<string> {
    return new Set(this.pods.keys())
  }

  /** Takes away all that was made here. */
  async clear(): Promise<void> {
    await this.core.deleteCollectionNamespacedPod({ namespace: SPACE, labelSelector: OURS, gracePeriodSeconds: 0 })
    await this.core.deleteCollectionNode({ labelSelector: OURS })
    await this.scheduling.deleteCollectionPriorityClass({ labelSelector: OURS })
  }

  stop(): void {
    this.watching?.abort()
  }

  /** Tells when the pod started, since that decides who is evicted: in the order in which pods were bound. */
  private async start(name: string): Promise<void> {
    const startTime = new Date(Date.UTC(2026, 0, 1) + ++this.binds * 1000).toISOString()
    await this.core.patchNamespacedPodStatus(
      { name, namespace: SPACE, body: { status: { startTime } } },
      setHeaderOptions('Content-Type', PatchStrategy.MergePatch),
    )
    await this.until(name, ({ status }) => status?.startTime !== undefined)
  }

  private async remove(name: string): Promise<void> {
    await this.core.deleteNamespacedPod({ name, namespace: SPACE, gracePeriodSeconds: 0 })
    while (this.pods.has(name)) await this.news(name)
  }

  private async until(name: string, holds: (pod: V1Pod) => boolean): Promise<V1Pod> {
    for (;;) {
      const pod = this.pods.get(name)
      if (pod && holds(pod)) return pod
      await this.news(name)
    }
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
    if (!came) throw new InputError(`pod ${name}: nothing from the scheduler for ${PATIENCE / 1000} s (is one running?)`)
  }
}
