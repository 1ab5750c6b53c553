import {
  ApiException,
  CoreV1Api,
  type KubeConfig,
  type KubernetesListObject,
  type KubernetesObject,
  ListWatch,
  type V1Node,
  type V1Pod,
} from '@kubernetes/client-node'
import type { Node, Pod } from '../../workloads/index.ts'
import type { Heard } from './drift-check.ts'
import { versionOf } from './holding.ts'
import { KeptWatch, type Pulse } from './kept-watch.ts'
import type { BindingArgs } from './wire.ts'

/** What the extender asks of the API server. */
export interface KubeApi {
  /** All that there are, and as of which resource versions. */
  list(): Promise<{ readonly nodes: readonly Node[]; readonly pods: readonly Pod[]; readonly versions: Heard }>
  /** null where there is no such pod. */
  readPod(namespace: string, name: string): Promise<Pod | null>
  /** Throws what `statusOf` reads. */
  bind(binding: BindingArgs, annotations: Readonly<Record<string, string>>): Promise<void>
  /** Tells of all nodes and pods, then of every change, until stopped. Resolves once all that there are have been told. */
  watch(news: News): Promise<void>
  /** How its watches stand. */
  readonly pulses: Readonly<Record<keyof Heard, Pulse>>
  stop(): Promise<void>
}

interface News {
  readonly nodeChanged: (node: Node) => void
  readonly nodeGone: (node: Node) => void
  readonly podChanged: (pod: Pod) => void
  readonly podGone: (pod: Pod) => void
  /** A watch broke, and is begun again in so many milliseconds. */
  readonly broken: (what: string, error: unknown, wait: number) => void
}

/** How long to wait before a broken watch is begun again, milliseconds: twice as long each time until something is heard again. */
const FIRST_WAIT = 250
const LONGEST_WAIT = 10_000

/** The API server through Kubernetes' own client. */
export function kubeApi(config: KubeConfig): KubeApi {
  const core = config.makeApiClient(CoreV1Api)
  const stops: (() => Promise<void>)[] = []
  const pulses = { nodes: new KeptWatch(config), pods: new KeptWatch(config) }
  let isStopped = false

  /** Resolves once the first list has been told. */
  const follow = <T extends KubernetesObject>(kind: keyof Heard, { list, changed, gone }: Followed<T>, { broken }: News): Promise<void> =>
    new Promise((synced) => {
      let wait = FIRST_WAIT
      let isListed = false
      const listed = async () => {
        const found = await list()
        isListed = true
        return found
      }
      const informer = new ListWatch<T>(`/api/v1/${kind}`, pulses[kind], listed, false)
      const begin = async () => {
        if (isStopped) return
        await informer.start()
        if (isListed) synced()
      }
      const heard = (tell: (one: T) => void) => (one: T) => {
        wait = FIRST_WAIT
        tell(one)
      }
      informer.on('add', heard(changed))
      informer.on('update', heard(changed))
      informer.on('delete', heard(gone))
      informer.on('error', (error: unknown) => {
        if (isStopped) return
        broken(kind, error, wait)
        setTimeout(() => void begin(), wait)
        wait = Math.min(2 * wait, LONGEST_WAIT)
      })
      stops.push(() => informer.stop())
      void begin()
    })

  return {
    pulses,
    async list() {
      const [nodes, pods] = await Promise.all([core.listNode(), core.listPodForAllNamespaces()])
      return {
        nodes: nodes.items as readonly Node[],
        pods: pods.items as unknown as readonly Pod[],
        versions: { nodes: versionOf(nodes), pods: versionOf(pods) },
      }
    },
    async readPod(namespace, name) {
      try {
        return (await core.readNamespacedPod({ namespace, name })) as unknown as Pod
      } catch (error) {
        if (statusOf(error) === 404) return null
        throw error
      }
    },
    async bind({ namespace, name, uid, node }, annotations) {
      const body = {
        apiVersion: 'v1',
        kind: 'Binding',
        metadata: { namespace, name, uid, annotations: { ...annotations } },
        target: { apiVersion: 'v1', kind: 'Node', name: node },
      }
      await core.createNamespacedPodBinding({ namespace, name, body })
    },
    async watch(news) {
      await Promise.all([
        follow<V1Node>(
          'nodes',
          {
            list: () => core.listNode(),
            changed: (node) => news.nodeChanged(node as Node),
            gone: (node) => news.nodeGone(node as Node),
          },
          news,
        ),
        follow<V1Pod>(
          'pods',
          {
            list: () => core.listPodForAllNamespaces(),
            changed: (pod) => news.podChanged(pod as unknown as Pod),
            gone: (pod) => news.podGone(pod as unknown as Pod),
          },
          news,
        ),
      ])
    },
    async stop() {
      isStopped = true
      await Promise.all(stops.map((stop) => stop()))
    },
  }
}

interface Followed<T extends KubernetesObject> {
  readonly list: () => Promise<KubernetesListObject<T>>
  readonly changed: (one: T) => void
  readonly gone: (one: T) => void
}

/** The API server's status code; null where it was not reached. */
export function statusOf(error: unknown): number | null {
  return error instanceof ApiException ? error.code : null
}
