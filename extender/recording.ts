import { readFile } from 'node:fs/promises'
import { HOSTNAME, type KubeProfile } from '../policies/index.ts'
import { InputError } from '../sim/index.ts'
import type { ClusterObjects, Node, Pod } from '../workloads/index.ts'
import { schedulerProfiles } from './scheduler-config.ts'
import type { MixRow } from './serve/mix.ts'

/** What kube-scheduler decided on one pod. Nodes by their index in `nodes`, or null. */
export interface RecordedDecision {
  readonly pod: string
  readonly node: number | null
  readonly feasible?: number
  /** The score of each node, null where it did not fit; one number where it is the same for all that did. */
  readonly total?: readonly (number | null)[] | number
  readonly scores?: Readonly<Record<string, readonly (number | null)[] | number>>
  readonly message?: string
  /** GPU devices on which an extender put it, as `0,3`. */
  readonly devices?: string
  /** No decision: a pod that others put there, or took away, before the next decision. */
  readonly others?: 'came' | 'went'
  /** So many of the next entries, all of others, came while this was decided: it was decided before, between or after them. */
  readonly during?: number
  /** With preemption: where room was made, for whom, and what was said before. */
  readonly nominated?: number
  readonly victims?: readonly string[]
  readonly firstMessage?: string
}

/** `add`, `try`, `nominate`, `evict`, `gone`, `bind`, `nofit`, in the order of the scheduler's log. */
export type RecordedEvent = readonly [kind: string, pod: string, about?: string | number]

/** An extender of ours that the scheduler asked, in mode `decide`: its policy as the user names it, and the work to come that it was told. */
export interface AskedExtender {
  readonly packing: string
  readonly mix: readonly MixRow[]
}

/** A PodDisruptionBudget over the pods of one app, with the status that its controller would give it after every bind and eviction. */
export interface RecordedBudget {
  readonly name: string
  readonly app: string
  readonly minAvailable: number
}

/** A file of the format `k8s-oracle/1`: what a real kube-scheduler decided on which inputs. */
export interface Recording {
  readonly file: string
  readonly title: string
  readonly scheduler: string
  readonly minor: number
  readonly profile: KubeProfile
  readonly extender: AskedExtender | null
  /** Nodes in the order in which the scheduler came to know them, as indexes. */
  readonly nodeOrder: readonly number[]
  readonly nodes: readonly Node[]
  readonly cluster: ClusterObjects
  readonly decisions: readonly RecordedDecision[]
  readonly events: readonly RecordedEvent[]
}

export interface RecordedNode {
  readonly name: string
  readonly cpu: string
  readonly memory: string
  readonly pods: number
  readonly gpu?: number
  readonly labels?: Readonly<Record<string, string>>
  readonly taints?: NonNullable<Node['spec']>['taints']
  readonly unschedulable?: boolean
  readonly images?: NonNullable<Node['status']>['images']
}

export type RecordedPod = {
  readonly name: string
  /** `default` where it is not given; no two pods have one name, in whatever namespaces. */
  readonly namespace?: string
  readonly labels?: Readonly<Record<string, string>>
} & Pick<
  NonNullable<Pod['spec']>,
  | 'containers'
  | 'initContainers'
  | 'resources'
  | 'tolerations'
  | 'nodeSelector'
  | 'affinity'
  | 'topologySpreadConstraints'
  | 'priorityClassName'
> & { readonly requests?: Readonly<Record<string, string>>; readonly limits?: Readonly<Record<string, string>> }

/** Reads a recording. Throws InputError where it is none. */
export async function readRecording(file: string): Promise<Recording> {
  let content: Record<string, unknown>
  try {
    content = JSON.parse(await readFile(file, 'utf8'))
  } catch (error) {
    throw new InputError(`${file}: not a recording: ${error instanceof Error ? error.message : error}`)
  }
  return recordingOf(content, file)
}

/** What a scheduler was given and what it decided, as a file of recordings holds it. */
export interface RecordingContent {
  readonly format: 'k8s-oracle/1'
  readonly title: string
  readonly scheduler: string
  readonly config: unknown
  readonly extender?: AskedExtender
  readonly priorityClasses?: readonly { readonly name: string; readonly value: number; readonly preemptionPolicy?: string }[]
  readonly budgets?: readonly RecordedBudget[]
  readonly nodeOrder?: readonly number[]
  readonly nodes: readonly RecordedNode[]
  readonly pods: readonly RecordedPod[]
  readonly decisions: readonly RecordedDecision[]
  readonly events?: readonly RecordedEvent[]
}

/** The recording in a file's content. Throws InputError where it is none. */
export function recordingOf(content: Readonly<Record<string, unknown>>, file: string): Recording {
  if (content.format !== 'k8s-oracle/1') throw new InputError(`${file}: not a recording (format k8s-oracle/1 would do)`)
  const given = content as unknown as RecordingContent
  const minor = Number(/v1\.(\d+)\./.exec(given.scheduler)?.[1])
  if (!Number.isInteger(minor)) throw new InputError(`${file}: scheduler: no version: ${given.scheduler} (kube-scheduler v1.36.3 would do)`)
  const [profile] = schedulerProfiles(given.config, `${file}: config`, minor).values()
  const nodes = given.nodes.map(nodeOf)
  const nodeOrder = given.nodeOrder ?? nodes.map((_, i) => i)
  return {
    file,
    title: given.title,
    scheduler: given.scheduler,
    minor,
    profile,
    extender: given.extender ?? null,
    nodeOrder,
    nodes,
    cluster: {
      nodes: nodeOrder.map((index) => nodes[index]),
      pods: given.pods.map(podOf),
      priorityClasses: (given.priorityClasses ?? []).map(({ name, ...rest }) => ({ kind: 'PriorityClass', metadata: { name }, ...rest })),
      namespaces: [],
      services: [],
      controllers: [],
      budgets: (given.budgets ?? []).map(({ name, app, minAvailable }) => ({
        kind: 'PodDisruptionBudget',
        metadata: { name, namespace: 'default' },
        spec: { minAvailable, selector: { matchLabels: { app } } },
      })),
    },
    decisions: given.decisions,
    events: given.events ?? [],
  }
}

/** The node that is meant, as the API knows it. */
export function nodeOf({ name, cpu, memory, pods, gpu, labels, taints, unschedulable, images }: RecordedNode): Node {
  const allocatable = { cpu, memory, pods, ...(gpu !== undefined && { 'nvidia.com/gpu': gpu }) }
  return {
    kind: 'Node',
    metadata: { name, labels: { [HOSTNAME]: name, ...labels } },
    spec: { taints, unschedulable },
    status: { allocatable, images },
  }
}

/** What the API server adds to every pod. */
const ADDED_TOLERATIONS = ['not-ready', 'unreachable'].map((what) => ({
  key: `node.kubernetes.io/${what}`,
  operator: 'Exists',
  effect: 'NoExecute',
}))

/** The pod that is meant, as the API server completes it. */
export function podOf({ name, namespace = 'default', labels, requests, limits, containers, tolerations = [], ...spec }: RecordedPod): Pod {
  return {
    kind: 'Pod',
    metadata: { name, namespace, labels },
    spec: {
      ...spec,
      containers: containers ?? [{ name: 'c0', resources: { requests, limits } }],
      tolerations: [...tolerations, ...ADDED_TOLERATIONS],
    },
  }
}
