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
    this.watch = new PodWatch(config, [OURS])
  }

  async version(): Promise<string> {
    return (await this.config.makeApiClient(VersionApi).getCode()).gitVersion
  }

  /** By name. */
  async nodes(): Promise<readonly V1Node[]> {
    const { items } = await this.core.listNode()
    return items.sort((a, b) => ((a.metadata?.name ?? '') < (b.metadata?.name ?? '') ? -1 : 1))
  }

  /** Everybody's pods that take up room. */
  async boundPods(): Promise<readonly V1Pod[]> {
    return (await this.core.listPodForAllNamespaces()).items.filter(takesRoom)
  }

  isOurs({ metadata }: V1Pod): boolean {
    return metadata?.namespace === OURS
  }

  /**
   * Makes the namespace, and the priority class by which its pods evict nobody and are the first to go; then tells of everybody's pods, in
   * the order of their changes. Throws InputError where they are there.
   */
  async begin(heard: (pod: V1Pod, isGone: boolean) => void): Promise<void> {
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
    await this.watch.follow('', heard)
  }

  /** Makes the pod and waits until the scheduler has bound it, or found no node, in which case it is taken away again. */
  async submit(
    { metadata, spec }: Pick<V1Pod, 'metadata' | 'spec'>,
    image: string,
  ): Promise<{ readonly made: V1Pod; readonly isBound: boolean }> {
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
    if (pod.spec?.nodeName) return { made, isBound: true }
    await this.core.deleteNamespacedPod({ name, namespace: OURS, gracePeriodSeconds: 0 })
    await this.watch.untilGone(name)
    return { made, isBound: false }
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

/** Whether it is bound and has not ended. */
export function takesRoom({ spec, status }: V1Pod): boolean {
  return spec?.nodeName !== undefined && status?.phase !== 'Succeeded' && status?.phase !== 'Failed'
}
