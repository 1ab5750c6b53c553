import { setTimeout as wait } from 'node:timers/promises'
import { CoreV1Api, type KubeConfig, SchedulingV1Api, type V1Node, type V1Pod, VersionApi } from '@kubernetes/client-node'
import { InputError } from '../sim/index.ts'
import { PodWatch, turnedDown } from './pod-watch.ts'
import { statusOf } from './serve/kube-api.ts'

/** The namespace and the priority class of the pods that are made here. */
const OURS = 'stowage-crosscheck'
const LABEL = 'stowage.dev/crosscheck'
/** How long the pods may take to run, or to go, milliseconds. */
const PATIENCE = 120_000

/** A cluster with nodes, kubelets and work of its own, in which pods are made beside it. */
export class RealCluster {
  private readonly config: KubeConfig
  private readonly core: CoreV1Api
  private readonly scheduling: SchedulingV1Api
  private readonly schedulerName: string
  private readonly watch: PodWatch

  constructor(config: KubeConfig, schedulerName: string) {
    this.config = config
    this.schedulerName = schedulerName
    this.core = config.makeApiClient(CoreV1Api)
    this.scheduling = config.makeApiClient(SchedulingV1Api)
    this.watch = new PodWatch(config)
  }

  async version(): Promise<string> {
    return (await this.config.makeApiClient(VersionApi).getCode()).gitVersion
  }

  /** By name. */
  async nodes(): Promise<readonly V1Node[]> {
    const { items } = await this.core.listNode()
    return items.sort((a, b) => ((a.metadata?.name ?? '') < (b.metadata?.name ?? '') ? -1 : 1))
  }

  /** Everybody's pods that are bound and have not ended, those from here among them or left out. */
  async boundPods(whose: 'all' | 'others'): Promise<readonly V1Pod[]> {
    const { items } = await this.core.listPodForAllNamespaces()
    const isOver = (pod: V1Pod) => pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed'
    return items.filter((pod) => pod.spec?.nodeName && !isOver(pod) && (whose === 'all' || pod.metadata?.namespace !== OURS))
  }

  /** Makes the namespace, and the priority class by which its pods evict nobody and are the first to go. Throws InputError where they are there. */
  async begin(): Promise<void> {
    const labels = { [LABEL]: '' }
    try {
      await this.core.createNamespace({ body: { metadata: { name: OURS, labels } } })
      await this.scheduling.createPriorityClass({
        body: { metadata: { name: OURS, labels }, value: -1_000_000, preemptionPolicy: 'Never' },
      })
    } catch (error) {
      if (statusOf(error) !== 409) throw error
      throw new InputError(
        `--kubeconfig: the namespace or priority class ${OURS} is there already (from a check that runs, or was cut off: delete it)`,
      )
    }
    while (!(await this.hasAccount())) await wait(100)
    await this.watch.follow(OURS, LABEL)
  }

  /** Makes the pod and waits until the scheduler has bound it, or found no node. Gives it as it was made, and its node. */
  async submit(
    { metadata, spec }: Pick<V1Pod, 'metadata' | 'spec'>,
    image: string,
  ): Promise<{ readonly made: V1Pod; readonly bound: V1Pod | null }> {
    const name = metadata?.name ?? ''
    const made = await this.core.createNamespacedPod({
      namespace: OURS,
      body: {
        metadata: { ...metadata, labels: { ...metadata?.labels, [LABEL]: '' } },
        spec: {
          ...spec,
          schedulerName: this.schedulerName,
          priorityClassName: OURS,
          terminationGracePeriodSeconds: 0,
          automountServiceAccountToken: false,
          containers: (spec?.containers ?? []).map((container) => ({ ...container, image, imagePullPolicy: 'IfNotPresent' })),
        },
      },
    })
    const pod = await this.watch.until(name, (seen) => seen.spec?.nodeName !== undefined || turnedDown(seen))
    if (pod.spec?.nodeName) return { made, bound: pod }
    await this.core.deleteNamespacedPod({ name, namespace: OURS, gracePeriodSeconds: 0 })
    await this.watch.untilGone(name)
    return { made, bound: null }
  }

  /** What phase each pod from here is in, as soon as all of them run or that has lasted too long. */
  async phases(): Promise<ReadonlyMap<string, string>> {
    for (const end = performance.now() + PATIENCE; ; await wait(250)) {
      const { items } = await this.core.listNamespacedPod({ namespace: OURS })
      const phases = new Map(items.map(({ metadata, status }) => [metadata?.name ?? '', status?.phase ?? '']))
      if ([...phases.values()].every((phase) => phase === 'Running') || performance.now() > end) return phases
    }
  }

  /** Takes away all that was made here, and waits until it is gone. */
  async clear(): Promise<void> {
    this.watch.stop()
    await this.core.deleteNamespace({ name: OURS })
    await this.scheduling.deletePriorityClass({ name: OURS })
    for (const end = performance.now() + PATIENCE; performance.now() < end; await wait(250)) {
      const { items } = await this.core.listNamespace({ labelSelector: LABEL })
      if (items.length === 0) return
    }
  }

  /** No pod can be made before a controller has made this. */
  private async hasAccount(): Promise<boolean> {
    const { items } = await this.core.listNamespacedServiceAccount({ namespace: OURS })
    return items.some(({ metadata }) => metadata?.name === 'default')
  }
}
