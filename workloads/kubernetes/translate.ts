import {
  type ClassRow,
  InputError,
  MAX_DEVICES,
  type MachineRow,
  NONE,
  SECOND,
  type Trace,
  TraceBuilder,
  type TraceHead,
  WHOLE_DEVICE,
} from '../../sim/index.ts'
import { CountBy } from '../count-by.ts'
import { nodeOrder } from './node-order.ts'
import type { ClusterObjects, KubeObject, Node, Pod, PriorityClass, Selecting } from './objects.ts'
import { amountsOf, nameOf, podRequests } from './pod-requests.ts'
import { imageName, podRules, spaceOf } from './pod-rules.ts'
import { budgetOf, priorityOf, surroundings } from './surroundings.ts'

const GPU = 'nvidia.com/gpu'
/** Thousandths of one GPU, as an extended resource of our own. */
export const GPU_SHARE = 'stowage.dev/gpu-milli'
/** Kubernetes' QoS classes, lowest first. */
const TIERS = ['BestEffort', 'Burstable', 'Guaranteed']

const RESOURCES: Readonly<Record<string, { readonly unit: string; readonly scale: number }>> = {
  cpu: { unit: 'milli-CPU', scale: 1000 },
  memory: { unit: 'bytes', scale: 2 ** 30 },
  'ephemeral-storage': { unit: 'bytes', scale: 2 ** 30 },
  gpu: { unit: 'milli-GPU', scale: WHOLE_DEVICE },
}

/** Sorts objects into what decides where pods go; counts the others. */
export function sortObjects(objects: readonly KubeObject[], skipped = new CountBy()): ClusterObjects {
  const sorted = {
    nodes: [] as Node[],
    pods: [] as Pod[],
    priorityClasses: [] as PriorityClass[],
    namespaces: [] as KubeObject[],
    services: [] as Selecting[],
    controllers: [] as Selecting[],
    budgets: [] as Selecting[],
  }
  const places: Readonly<Record<string, KubeObject[]>> = {
    Node: sorted.nodes,
    Pod: sorted.pods,
    PriorityClass: sorted.priorityClasses,
    Namespace: sorted.namespaces,
    Service: sorted.services,
    ReplicationController: sorted.controllers,
    ReplicaSet: sorted.controllers,
    StatefulSet: sorted.controllers,
    PodDisruptionBudget: sorted.budgets,
  }
  for (const object of objects) {
    const place = Object.hasOwn(places, object.kind ?? '') ? places[object.kind ?? ''] : null
    if (place) place.push(object)
    else skipped.add(`${object.kind}, which is no Node and no Pod`)
  }
  return sorted
}

/**
 * A cluster as it stands: nodes as machines, in kube-scheduler's order; bound pods where they are, in the order in which they
 * started; pending ones arriving at once, in the order of their creation. Nobody ends. Throws InputError for bad amounts.
 */
export function translateCluster(cluster: ClusterObjects, name: string, skipped = new CountBy()): Trace {
  const nodes = nodeOrder(cluster.nodes)
  const pods = inOrder(cluster.pods)
  const translator = new PodTranslator(cluster)
  const builder = new TraceBuilder({ name, format: 'kubernetes', resources: translator.resources, tiers: TIERS })
  const rowOf = new Map<string, number>()
  for (const node of nodes) {
    const row = translator.machine(node)
    if (rowOf.has(row.id)) throw new InputError(`${name}: two nodes of one name: ${row.id}`)
    rowOf.set(row.id, builder.machine(row))
  }
  const jobs = new Map<string, { readonly row: number; count: number }>()
  const counts = { bound: 0, pending: 0 }
  for (const pod of pods) {
    const left = whyLeftOut(pod, rowOf)
    if (left !== null) {
      skipped.add(left)
      continue
    }
    const row = translator.class(pod)
    const owner = ownerOf(pod)
    const job = jobs.get(owner) ?? { row: builder.job(owner, builder.user(spaceOf(pod.metadata ?? {})), row.tier), count: 0 }
    jobs.set(owner, job)
    const bound = pod.spec?.nodeName
    counts[bound ? 'bound' : 'pending']++
    builder.run({
      task: builder.task(job.row, job.count++),
      class: builder.class(row),
      arrival: 0,
      runTime: Number.POSITIVE_INFINITY,
      end: 'none',
      preplaced: bound !== undefined,
      machine: bound === undefined ? NONE : (rowOf.get(bound) ?? NONE),
    })
  }
  return builder.trace({
    start: 0,
    // A cell at one instant, given a second in which to be measured.
    end: SECOND,
    counts: { nodes: nodes.length, pods: counts.bound + counts.pending, 'pods bound': counts.bound, 'pods pending': counts.pending },
    skipped: skipped.done(),
    budgets: cluster.budgets.map((budget) => budgetOf(budget, pods)),
  })
}

/** Turns nodes and pods of one cluster into machines and classes of one trace. */
export class PodTranslator {
  readonly resources: TraceHead['resources']
  private readonly names: readonly string[]
  private readonly hasDevices: boolean
  private readonly around: ReturnType<typeof surroundings>
  private readonly cluster: ClusterObjects

  constructor(cluster: ClusterObjects) {
    this.cluster = cluster
    this.around = surroundings(cluster)
    const allocatable = cluster.nodes.map((node) => amountsOf(node.status?.allocatable, nodeName(node)))
    const asked = new Set(cluster.pods.flatMap((pod) => Object.keys(podRequests(pod).request)))
    // A machine's devices are bits of one number; where a node has more, its GPUs are a plain amount.
    this.hasDevices = allocatable.every((amounts) => (amounts[GPU] ?? 0) <= MAX_DEVICES)
    const offered = allocatable.some((amounts) => (amounts[GPU] ?? 0) > 0)
    const isDevice = (name: string) => name === GPU_SHARE || (this.hasDevices && name === GPU)
    const extended = [...asked].filter((name) => !['cpu', 'memory', 'pods'].includes(name) && !isDevice(name)).sort()
    const devices = this.hasDevices && (offered || [...asked].some(isDevice))
    this.names = ['cpu', 'memory', 'pods', ...(devices ? ['gpu'] : []), ...extended]
    this.resources = this.names.map((name) => ({ name, ...(RESOURCES[name] ?? { unit: name, scale: 1 }), constrains: true }))
  }

  machine(node: Node): MachineRow {
    const { metadata = {}, spec = {}, status = {} } = node
    const amounts = amountsOf(status.allocatable ?? status.capacity, nodeName(node))
    const images = Object.fromEntries(
      (status.images ?? []).flatMap(({ names = [], sizeBytes = 0 }) => names.map((image) => [imageName(image), sizeBytes])),
    )
    return {
      id: metadata.name ?? '',
      capacity: this.names.map((name) => amounts[name] ?? 0),
      devices: this.hasDevices ? (amounts[GPU] ?? 0) : 0,
      model: metadata.labels?.['nvidia.com/gpu.product'],
      present: true,
      traits: {
        labels: metadata.labels ?? {},
        taints: (spec.taints ?? []).map(({ key = '', value = '', effect = '' }) => ({ key, value, effect })),
        closed: spec.unschedulable === true,
        images,
      },
    }
  }

  class(pod: Pod): ClassRow {
    const { preempts } = priorityOf(pod, this.cluster.priorityClasses)
    return { ...this.classWithoutRules(pod), rules: podRules(pod, podRequests(pod), preempts, this.around) }
  }

  /** What the pod is to one who leaves selectors, taints and the like to others. */
  classWithoutRules(pod: Pod): ClassRow {
    const amounts: Readonly<Record<string, number>> = { ...podRequests(pod).request, pods: 1 }
    return {
      request: this.names.map((name) => amounts[name] ?? 0),
      ...this.devices(amounts, pod),
      priority: priorityOf(pod, this.cluster.priorityClasses).priority,
      tier: tierOf(pod),
    }
  }

  private devices(amounts: Readonly<Record<string, number>>, pod: Pod): { readonly devices: number; readonly milli: number } {
    const whole = this.hasDevices ? (amounts[GPU] ?? 0) : 0
    const share = amounts[GPU_SHARE] ?? 0
    if (share > 0 && whole > 0) throw new InputError(`${nameOf(pod)}: asks for ${GPU} and ${GPU_SHARE} (one of them would do)`)
    if (share > WHOLE_DEVICE && share % WHOLE_DEVICE !== 0)
      throw new InputError(
        `${nameOf(pod)}: ${GPU_SHARE}: ${share} (a share of one GPU up to ${WHOLE_DEVICE}, or whole thousands, would do)`,
      )
    const devices = share > WHOLE_DEVICE ? share / WHOLE_DEVICE : share > 0 ? 1 : whole
    return { devices: Math.min(devices, 255), milli: devices === 0 ? 0 : Math.min(share || WHOLE_DEVICE, WHOLE_DEVICE) }
  }
}

const nodeName = ({ metadata }: Node): string => `Node ${metadata?.name ?? ''}`

/** Bound pods by their start, then pending ones by their creation; as they came where nothing is said. */
function inOrder(pods: readonly Pod[]): readonly Pod[] {
  const key = ({ spec, status, metadata }: Pod) =>
    spec?.nodeName ? `0${status?.startTime ?? ''}` : `1${metadata?.creationTimestamp ?? ''}`
  return pods
    .map((pod, row) => ({ pod, row, key: key(pod) }))
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : a.row - b.row))
    .map(({ pod }) => pod)
}

function whyLeftOut({ spec = {}, status = {} }: Pod, rowOf: ReadonlyMap<string, number>): string | null {
  if (status.phase === 'Succeeded' || status.phase === 'Failed') return `pod that has ${status.phase.toLowerCase()}`
  if (spec.nodeName && !rowOf.has(spec.nodeName)) return 'pod on a node that is not there'
  if (!spec.nodeName && (spec.schedulingGates?.length ?? 0) > 0) return 'pod with scheduling gates'
  return null
}

/** Pods of one controller are a job; one without is a job by itself. */
function ownerOf({ metadata = {} }: Pod): string {
  const owner = metadata.ownerReferences?.find(({ controller }) => controller)
  return `${spaceOf(metadata)}/${owner ? `${owner.kind}/${owner.name}` : metadata.name}`
}

function tierOf({ spec = {} }: Pod): string {
  const all = [...(spec.containers ?? []), ...(spec.initContainers ?? [])]
  const said = ['cpu', 'memory'].map((name) =>
    all.map(({ resources }) => ({ request: resources?.requests?.[name] ?? resources?.limits?.[name], limit: resources?.limits?.[name] })),
  )
  if (said.flat().every(({ request }) => request === undefined)) return 'BestEffort'
  return said.flat().every(({ request, limit }) => limit !== undefined && String(request) === String(limit)) ? 'Guaranteed' : 'Burstable'
}
