import { type GenerateRequest, generatePods } from './generate-pods.ts'
import type { LiveCluster } from './live-cluster.ts'
import { readKubeconfig } from './read-kubeconfig.ts'
import type { AskedExtender, RecordedDecision, RecordedPod, RecordingContent } from './recording.ts'
import { type LoggedScores, SchedulerLog } from './scheduler-log.ts'
import { DEVICES_ANNOTATION } from './serve/device-list.ts'

export interface LiveRequest extends GenerateRequest {
  readonly kubeconfig: string
  /** The scheduler's log at `-v=10`; without it, only what the API tells is recorded. */
  readonly log?: string
  /** Its KubeSchedulerConfiguration. */
  readonly config: unknown
  readonly schedulerName?: string
  /** The one of ours that it asks; then what it says of pods without a node is the extender's, and not recorded. */
  readonly extender?: AskedExtender
  readonly progress?: (done: number, of: number) => void
}

/**
 * Has a real kube-scheduler decide on generated pods, one after the other, and gives what it decided as a recording. Nodes and pods are
 * made and taken away again; the cluster must be empty. Pods that find no room are taken away before the next.
 */
export async function recordLive(request: LiveRequest): Promise<RecordingContent> {
  const [kubeconfig, live] = await Promise.all([readKubeconfig(request.kubeconfig), import('./live-cluster.ts')])
  const cluster = new live.LiveCluster(kubeconfig, request.schedulerName ?? 'default-scheduler')
  const { nodes, pods, priorityClasses, budgets } = generatePods(request)
  await cluster.claim()
  const log = request.log === undefined ? null : await SchedulerLog.open(request.log)
  const decided: Decided[] = []
  try {
    await cluster.addPriorityClasses(priorityClasses ?? [])
    await cluster.addBudgets(budgets ?? [])
    await cluster.addNodes(nodes)
    await cluster.follow()
    const bound = new Set<string>()
    for (const [i, pod] of pods.entries()) {
      decided.push(await decide(cluster, pod, bound))
      request.progress?.(i + 1, pods.length)
    }
  } finally {
    cluster.stop()
    await cluster.clear()
  }
  const scores = await log?.scores()
  const spaceOf = new Map(pods.map(({ name, namespace = 'default' }) => [name, namespace]))
  const indexOf = new Map(nodes.map(({ name }, index) => [name, index]))
  return {
    format: 'k8s-oracle/1',
    title: `${request.kinds.join(', ')}: ${nodes.length} nodes, ${pods.length} pods, seed ${request.seed}`,
    scheduler: `kube-scheduler ${await cluster.version()}`,
    config: request.config,
    ...(request.extender && { extender: request.extender }),
    priorityClasses,
    ...(budgets && { budgets }),
    nodes,
    pods,
    decisions: decided
      .map((one) => (request.extender ? { ...one, message: undefined } : one))
      .map((one) => recorded(one, indexOf, scores?.get(`${spaceOf.get(one.name)}/${one.name}`))),
  }
}

interface Decided {
  readonly name: string
  readonly node: string | undefined
  readonly message: string | undefined
  readonly devices: string | undefined
  readonly victims: readonly string[]
}

async function decide(cluster: LiveCluster, pod: RecordedPod, bound: Set<string>): Promise<Decided> {
  const { pod: last, first } = await cluster.submit(pod)
  const left = cluster.present()
  const victims = [...bound].filter((name) => !left.has(name))
  for (const victim of victims) bound.delete(victim)
  const node = last.spec?.nodeName
  if (node) bound.add(pod.name)
  const message = (node ? first : last)?.status?.conditions?.find(({ type }) => type === 'PodScheduled')?.message
  return { name: pod.name, node, message, devices: last.metadata?.annotations?.[DEVICES_ANNOTATION], victims }
}

function recorded(
  { name, node, message, devices, victims }: Decided,
  indexOf: ReadonlyMap<string, number>,
  scores?: LoggedScores,
): RecordedDecision {
  const at = node === undefined ? null : (indexOf.get(node) ?? null)
  if (at === null) return { pod: name, node: null, ...(message !== undefined && { message }) }
  const bound = { pod: name, node: at, ...(devices !== undefined && { devices }) }
  if (victims.length > 0) return { ...bound, nominated: at, victims, ...(message !== undefined && { firstMessage: message }) }
  if (!scores || scores.total.size === 0) return bound
  const row = (column: ReadonlyMap<string, number>) => [...indexOf.keys()].map((key) => column.get(key) ?? null)
  return {
    ...bound,
    feasible: scores.total.size,
    total: row(scores.total),
    scores: Object.fromEntries([...scores.plugins].map(([plugin, column]) => [plugin, row(column)])),
  }
}
