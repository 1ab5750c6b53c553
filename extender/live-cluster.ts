import { setTimeout as wait } from 'node:timers/promises'
import {
  CoreV1Api,
  type KubeConfig,
  PatchStrategy,
  PolicyV1Api,
  SchedulingV1Api,
  setHeaderOptions,
  type V1Pod,
  VersionApi,
} from '@kubernetes/client-node'
import { InputError } from '../sim/index.ts'
import { PodWatch, turnedDown } from './pod-watch.ts'
import { nodeOf, podOf, type RecordedBudget, type RecordedNode, type RecordedPod, type RecordingContent } from './recording.ts'

/** On everything that is made here, so that it is found again. */
const OURS = 'stowage.dev/crosscheck'
const SPACE = 'default'
/** Both of Kubernetes' own, so that none is made that only a controller could take away. */
const SPACES = [SPACE, 'kube-public'] as const
/** So that the scheduler comes to know nodes in the order in which they are made, and budgets before the pod. */
const TO_BE_HEARD = 15

/** A cluster without kubelets: fake nodes and pods that are only ever scheduled. */
export class LiveCluster {
  private readonly config: KubeConfig
  private readonly core: CoreV1Api
  private readonly scheduling: SchedulingV1Api
  private readonly policy: PolicyV1Api
  private readonly schedulerName: string
  private budgets: readonly RecordedBudget[] = []
  private readonly watch: PodWatch
  private binds = 0

  constructor(config: KubeConfig, schedulerName: string) {
    this.config = config
    this.schedulerName = schedulerName
    this.core = config.makeApiClient(CoreV1Api)
    this.scheduling = config.makeApiClient(SchedulingV1Api)
    this.policy = config.makeApiClient(PolicyV1Api)
    this.watch = new PodWatch(config, SPACES)
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
        `--kubeconfig: the cluster has ${nodes.length} nodes and ${pods.length} pods of its own, and fake nodes would attract real pods (one that is empty would do, or --as-it-stands)`,
      )
    await this.clear()
  }

  async addPriorityClasses(classes: NonNullable<RecordingContent['priorityClasses']>): Promise<void> {
    for (const { name, value, preemptionPolicy } of classes)
      await this.scheduling.createPriorityClass({ body: { metadata: { name, labels: { [OURS]: '' } }, value, preemptionPolicy } })
  }

  async addBudgets(budgets: readonly RecordedBudget[]): Promise<void> {
    this.budgets = budgets
    for (const { name, app, minAvailable } of budgets)
      await this.policy.createNamespacedPodDisruptionBudget({
        namespace: SPACE,
        body: { metadata: { name, labels: { [OURS]: '' } }, spec: { minAvailable, selector: { matchLabels: { app } } } },
      })
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
      await wait(TO_BE_HEARD)
    }
  }

  /** Follows the pods, for `outcome`. */
  async follow(): Promise<void> {
    await this.watch.follow(OURS)
  }

  /** Makes the pod and waits until the scheduler has bound it, or given up; nodes by name. */
  async submit(recorded: RecordedPod): Promise<{ readonly pod: V1Pod; readonly first: V1Pod | null }> {
    const { metadata, spec } = podOf(recorded)
    const { name = '', namespace = SPACE } = metadata ?? {}
    const body = {
      metadata: { name, labels: { ...metadata?.labels, [OURS]: '' } },
      // What the API server adds by itself is left out, and what it needs put in.
      spec: {
        ...spec,
        schedulerName: this.schedulerName,
        tolerations: recorded.tolerations,
        terminationGracePeriodSeconds: 0,
        containers: spec?.containers?.map((container) => ({ image: 'example.invalid/none:v1', ...container })),
      },
    } as unknown as V1Pod
    await this.tellBudgets()
    await this.core.createNamespacedPod({ namespace, body })
    let first: V1Pod | null = null
    const pod = await this.watch.until(name, (seen) => {
      if (seen.spec?.nodeName) return true
      if (!turnedDown(seen)) return false
      first ??= seen
      return !seen.status?.nominatedNodeName
    })
    if (pod.spec?.nodeName) await this.start(name, namespace)
    else await this.remove(name, namespace)
    return { pod, first }
  }

  /** Names of pods that are there. */
  present(): ReadonlySet<string> {
    return this.watch.present()
  }

  /** Takes away all that was made here. */
  async clear(): Promise<void> {
    for (const namespace of SPACES) await this.core.deleteCollectionNamespacedPod({ namespace, labelSelector: OURS, gracePeriodSeconds: 0 })
    await this.policy.deleteCollectionNamespacedPodDisruptionBudget({ namespace: SPACE, labelSelector: OURS })
    await this.core.deleteCollectionNode({ labelSelector: OURS })
    await this.scheduling.deleteCollectionPriorityClass({ labelSelector: OURS })
  }

  /** Says in their controller's place, which does not run here, what the budgets allow. */
  private async tellBudgets(): Promise<void> {
    for (const { name, app, minAvailable } of this.budgets) {
      const currentHealthy = this.watch.count(
        ({ metadata, spec }) => spec?.nodeName !== undefined && metadata?.labels?.app === app && metadata.namespace === SPACE,
      )
      const disruptionsAllowed = Math.max(0, currentHealthy - minAvailable)
      const status = { currentHealthy, desiredHealthy: minAvailable, disruptionsAllowed, expectedPods: currentHealthy }
      await this.policy.patchNamespacedPodDisruptionBudgetStatus(
        { name, namespace: SPACE, body: { status } },
        setHeaderOptions('Content-Type', PatchStrategy.MergePatch),
      )
    }
    // The scheduler hears of budgets and of pods by ways of their own.
    if (this.budgets.length > 0) await wait(TO_BE_HEARD)
  }

  stop(): void {
    this.watch.stop()
  }

  /** Tells when the pod started, since that decides who is evicted: in the order in which pods were bound. */
  private async start(name: string, namespace: string): Promise<void> {
    const startTime = new Date(Date.UTC(2026, 0, 1) + ++this.binds * 1000).toISOString()
    await this.core.patchNamespacedPodStatus(
      { name, namespace, body: { status: { startTime } } },
      setHeaderOptions('Content-Type', PatchStrategy.MergePatch),
    )
    await this.watch.until(name, ({ status }) => status?.startTime !== undefined)
  }

  private async remove(name: string, namespace: string): Promise<void> {
    await this.core.deleteNamespacedPod({ name, namespace, gracePeriodSeconds: 0 })
    await this.watch.untilGone(name)
  }
}
