import { InputError } from '../../sim/index.ts'
import type { Node, Pod } from '../../workloads/index.ts'
import { checkPodShape } from './pod-shape.ts'

/** What kube-scheduler posts to filter and prioritize (k8s.io/kube-scheduler/extender/v1, ExtenderArgs). */
export interface ExtenderArgs {
  readonly pod: Pod & { readonly metadata: PodIdentity }
  readonly names: readonly string[]
  /** The nodes themselves, where the scheduler is configured with `nodeCacheCapable: false`; else null. */
  readonly nodes: readonly Node[] | null
}

/** What tells one pod from every other, and one state of it from the next. */
interface PodIdentity {
  readonly uid: string
  readonly name: string
  readonly namespace: string
  readonly resourceVersion?: string
}

export interface FilterResult {
  readonly Nodes: { readonly metadata: object; readonly items: readonly Node[] } | null
  readonly NodeNames: readonly string[] | null
  readonly FailedNodes: Readonly<Record<string, string>>
  readonly FailedAndUnresolvableNodes: Readonly<Record<string, string>>
  readonly Error: string
}

export type HostPriorityList = readonly { readonly Host: string; readonly Score: number }[]

/** Victims by node, as UIDs, with how many PodDisruptionBudgets their eviction breaks. */
export interface PreemptionArgs {
  readonly pod: ExtenderArgs['pod']
  readonly victims: ReadonlyMap<string, { readonly uids: readonly string[]; readonly violations: number }>
}

export interface PreemptionResult {
  readonly NodeNameToMetaVictims: Readonly<
    Record<string, { readonly Pods: readonly { readonly UID: string }[]; readonly NumPDBViolations: number }>
  >
}

export interface BindingArgs {
  readonly name: string
  readonly namespace: string
  readonly uid: string
  readonly node: string
}

type Fields = Readonly<Record<string, unknown>>

/** Reads ExtenderArgs. Throws InputError that says which field is wrong. */
export function readExtenderArgs(body: unknown): ExtenderArgs {
  const fields = objectOf(body, 'the request')
  const pod = readPod(fields)
  const names = field(fields, 'NodeNames') ?? null
  const nodes = field(fields, 'Nodes') ?? null
  if (names !== null) {
    if (!Array.isArray(names) || !names.every(isText)) throw new InputError('NodeNames: not a list of names')
    return { pod, names, nodes: null }
  }
  if (nodes === null) throw new InputError('neither NodeNames nor Nodes is given (nodeCacheCapable: true sends NodeNames)')
  const items = field(objectOf(nodes, 'Nodes'), 'items') ?? []
  if (!Array.isArray(items)) throw new InputError('Nodes: items is not a list')
  return {
    pod,
    names: items.map((node) => textOf(field(objectOf(objectOf(node, 'a node').metadata, 'metadata'), 'name'), 'a node’s name')),
    nodes: items,
  }
}

/** Reads ExtenderPreemptionArgs, of whole victims or of their UIDs alone. */
export function readPreemptionArgs(body: unknown): PreemptionArgs {
  const fields = objectOf(body, 'the request')
  const pod = readPod(fields)
  const given = field(fields, 'NodeNameToMetaVictims') ?? field(fields, 'NodeNameToVictims') ?? {}
  const victims = Object.entries(objectOf(given, 'victims by node')).map(([node, value]) => {
    const one = objectOf(value, `victims on ${node}`)
    const pods = field(one, 'Pods') ?? []
    if (!Array.isArray(pods)) throw new InputError(`victims on ${node}: Pods is not a list`)
    const violations = Number(field(one, 'NumPDBViolations') ?? 0)
    if (!Number.isSafeInteger(violations)) throw new InputError(`victims on ${node}: NumPDBViolations is not a whole number`)
    return [node, { uids: pods.map(uidOf), violations }] as const
  })
  return { pod, victims: new Map(victims) }
}

/** Reads ExtenderBindingArgs. */
export function readBindingArgs(body: unknown): BindingArgs {
  const fields = objectOf(body, 'the request')
  const text = (name: string) => textOf(field(fields, name), name)
  return { name: text('PodName'), namespace: text('PodNamespace'), uid: text('PodUID'), node: text('Node') }
}

function readPod(fields: Fields): ExtenderArgs['pod'] {
  const pod = objectOf(field(fields, 'Pod'), 'Pod')
  const metadata = objectOf(pod.metadata, 'Pod: metadata')
  const identity = {
    uid: textOf(metadata.uid, 'Pod: metadata.uid'),
    name: textOf(metadata.name, 'Pod: metadata.name'),
    namespace: metadata.namespace === undefined ? 'default' : textOf(metadata.namespace, 'Pod: metadata.namespace'),
  }
  objectOf(pod.spec, 'Pod: spec')
  checkPodShape(pod)
  return { ...pod, metadata: { ...metadata, ...identity } }
}

/** A victim's UID: `UID` of a MetaPod, `metadata.uid` of a whole Pod. */
function uidOf(pod: unknown): string {
  const fields = objectOf(pod, 'a victim')
  return textOf(field(fields, 'UID') ?? (fields.metadata && objectOf(fields.metadata, 'metadata').uid), 'a victim’s UID')
}

/** A field in Go's manner: of this name, or else of this name in another case, as old schedulers write it. */
function field(fields: Fields, name: string): unknown {
  if (Object.hasOwn(fields, name)) return fields[name]
  const lower = name.toLowerCase()
  const key = Object.keys(fields).find((one) => one.toLowerCase() === lower)
  return key === undefined ? undefined : fields[key]
}

function objectOf(value: unknown, what: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new InputError(`${what}: not an object`)
  return value as Fields
}

const isText = (value: unknown): value is string => typeof value === 'string'

function textOf(value: unknown, what: string): string {
  if (typeof value !== 'string' || value === '') throw new InputError(`${what}: missing, or not a text`)
  return value
}
