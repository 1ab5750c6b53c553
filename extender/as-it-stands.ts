import type { V1Node, V1Pod } from '@kubernetes/client-node'
import { InputError } from '../sim/index.ts'
import type { Node, Pod } from '../workloads/index.ts'
import { auditPods } from './audit-pods.ts'
import { generateSmallPods } from './generate-small-pods.ts'
import { readKubeconfig } from './read-kubeconfig.ts'
import type { AskedExtender, RecordedDecision } from './recording.ts'
import { type ReplayResult, replayRecording } from './replay-recording.ts'
import { schedulerProfiles } from './scheduler-config.ts'
import { DEVICES_ANNOTATION } from './serve/device-list.ts'

export interface StandingRequest {
  readonly kubeconfig: string
  readonly schedulerName: string
  /** Its KubeSchedulerConfiguration. */
  readonly config: unknown
  readonly extender?: AskedExtender
  /** What the pods run; undefined: the first image named `pause` that a node has. */
  readonly image?: string
  readonly pods: number
  readonly seed: number
}

/**
 * Has the scheduler of a cluster with work of its own place small pods, one after the other, and holds each decision against the
 * simulator's, from the nodes and all bound pods as they were then. Then every pod must run, and no node or GPU hold more than it has.
 */
export async function checkAsItStands(request: StandingRequest): Promise<ReplayResult> {
  const [kubeconfig, { RealCluster, takesRoom }] = await Promise.all([readKubeconfig(request.kubeconfig), import('./real-cluster.ts')])
  const cluster = new RealCluster(kubeconfig, request.schedulerName)
  const version = await cluster.version()
  const nodes = await cluster.nodes()
  const image = request.image ?? imageOn(nodes)
  const hasGpus = nodes.some(({ status }) => Number(status?.allocatable?.['nvidia.com/gpu'] ?? 0) > 0)
  const seen = new Map<string, V1Pod>()
  const decisions: RecordedDecision[] = []
  const rowOf = new Map(nodes.map(({ metadata }, row) => [metadata?.name ?? '', row]))
  const there = new Set<string>()
  let submitted = 0
  const placed = (name: string, pod: V1Pod): RecordedDecision => {
    const devices = pod.metadata?.annotations?.[DEVICES_ANNOTATION]
    return { pod: name, node: rowOf.get(pod.spec?.nodeName ?? '') ?? null, ...(devices !== undefined && { devices }) }
  }
  /** A decision stands where its pod was made: who came or went until it was known may or may not have counted for it. */
  const decided = (decision: RecordedDecision) => {
    const during = decisions.length - submitted
    decisions.splice(submitted, 0, { ...decision, ...(during > 0 && { during }) })
  }
  const heard = (pod: V1Pod, isGone: boolean) => {
    const isOurs = cluster.isOurs(pod)
    const name = isOurs ? (pod.metadata?.name ?? '') : othersName(pod)
    const isThere = !isGone && takesRoom(pod) && rowOf.has(pod.spec?.nodeName ?? '')
    if (isThere === there.has(name)) return
    if (isThere) there.add(name)
    else there.delete(name)
    if (isThere && !seen.has(name)) seen.set(name, pod)
    if (isThere && isOurs) decided(placed(name, pod))
    else if (isThere) decisions.push({ ...placed(name, pod), others: 'came' })
    else if (!isOurs) decisions.push({ pod: name, node: null, others: 'went' })
  }

  await cluster.begin(heard)
  try {
    for (const pod of generateSmallPods(request.pods, request.seed, hasGpus)) {
      submitted = decisions.length
      const { made, isBound } = await cluster.submit(pod, image)
      const name = made.metadata?.name ?? ''
      seen.set(name, made)
      if (!isBound) decided({ pod: name, node: null })
      else if (!there.has(name)) throw new InputError(`pod ${name}: bound to a node that came meanwhile (try again when none comes)`)
    }
    const phases = await cluster.phases()
    const all = await cluster.boundPods()
    const title = `${request.pods} pods on ${nodes.length} nodes as they stand, seed ${request.seed}`
    const minor = Number(/^v1\.(\d+)/.exec(version)?.[1])
    const [profile] = schedulerProfiles(request.config, 'the configuration', minor).values()
    const result = replayRecording({
      file: title,
      title,
      scheduler: `kube-scheduler ${version}`,
      minor,
      profile,
      extender: request.extender ?? null,
      nodeOrder: nodes.map((_, row) => row),
      nodes: nodes as readonly Node[],
      cluster: { ...NOTHING, nodes: nodes as readonly Node[], pods: [...seen].map(([name, pod]) => pending(name, pod)) },
      decisions,
      events: [],
    })
    const expected = decisions.flatMap(({ pod, node, others: theirs }) => (node === null || theirs ? [] : [pod]))
    return { ...result, differences: [...result.differences, ...notRunning(expected, phases), ...auditPods(nodes, all)] }
  } finally {
    await cluster.clear()
  }
}

const NOTHING = { priorityClasses: [], namespaces: [], services: [], controllers: [], budgets: [] }

/** Unlike any name from here, and not that of a later pod of the same name. */
const othersName = ({ metadata }: V1Pod): string => `${metadata?.namespace}.${metadata?.name}.${metadata?.uid}`

/** The pod as if nobody had decided on it, by a name of its own. */
function pending(name: string, { metadata, spec }: V1Pod): Pod {
  const { labels, namespace } = metadata ?? {}
  return { kind: 'Pod', metadata: { name, namespace, labels }, spec: { ...spec, nodeName: undefined } } as Pod
}

function notRunning(expected: readonly string[], phases: ReadonlyMap<string, string>): ReplayResult['differences'] {
  return expected.flatMap((pod) => {
    const phase = phases.get(pod) ?? 'lost'
    return phase === 'Running' ? [] : [{ pod, what: 'phase', recorded: phase, simulated: 'Running' }]
  })
}

function imageOn(nodes: readonly V1Node[]): string {
  const names = nodes.flatMap(({ status }) => status?.images ?? []).flatMap(({ names: ofImage }) => ofImage ?? [])
  const found = names.find((name) => /(^|\/)pause:/.test(name))
  if (found === undefined) throw new InputError('--image: no node has an image named pause (name one that is there, and does nothing)')
  return found
}
