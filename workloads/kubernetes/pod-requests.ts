import { InputError } from '../../sim/index.ts'
import type { Container, Pod, Quantities } from './objects.ts'
import { parseQuantity, wholeOf } from './quantity.ts'

/** Amounts by Kubernetes' name of the resource, in thousandths. */
type Amounts = Map<string, bigint>

/** What a container counts for in scores where it does not say: 100 m of CPU, 200 MiB. */
const UNSAID: Readonly<Record<string, bigint>> = { cpu: 100n, memory: 200n * 2n ** 20n * 1000n }

const ofPod = (name: string) => name === 'cpu' || name === 'memory' || name.startsWith('hugepages-')

/** A pod's requests in whole units (milli-CPU, bytes, pieces) by Kubernetes' name. */
export interface PodRequests {
  /** What the filter and the account of the node take. */
  readonly request: Readonly<Record<string, number>>
  /** What counts in the scores of NodeResourcesFit for the pod that looks for a node, and for one that is on it. */
  readonly asked: Readonly<Record<string, number>>
  readonly placed: Readonly<Record<string, number>>
}

/** What a pod requests, as kube-scheduler counts it: containers and sidecars together, or the largest step of the init containers, and the overhead. */
export function podRequests(pod: Pod): PodRequests {
  const real = total(pod, {}, true)
  const levels = levelRequests(pod)
  const unsaid = levels.size === 0 ? UNSAID : Object.fromEntries(Object.entries(UNSAID).filter(([name]) => (real.get(name) ?? 0n) === 0n))
  return {
    request: whole(real),
    // The score of the pod that looks for a node does not know of pod-level requests.
    asked: cpuAndMemory(total(pod, UNSAID, false)),
    placed: cpuAndMemory(total(pod, unsaid, true)),
  }
}

/** Quantities in whole units: CPU in thousandths. Throws InputError for what is no quantity. */
export function amountsOf(quantities: Quantities | undefined, owner: string): Readonly<Record<string, number>> {
  return whole(parse(quantities, owner))
}

function total(pod: Pod, unsaid: Readonly<Record<string, bigint>>, withLevels: boolean): Amounts {
  const { spec = {} } = pod
  const sum = containers(pod, unsaid)
  if (withLevels) for (const [name, amount] of levelRequests(pod)) sum.set(name, amount)
  addTo(sum, parse(spec.overhead, nameOf(pod)))
  return sum
}

function containers(pod: Pod, unsaid: Readonly<Record<string, bigint>>): Amounts {
  const { spec = {}, status = {} } = pod
  const sum: Amounts = new Map()
  for (const container of spec.containers ?? []) addTo(sum, requestOf(container, status.containerStatuses, unsaid, pod))
  const sidecars: Amounts = new Map()
  const largest: Amounts = new Map()
  for (const container of spec.initContainers ?? []) {
    const own = requestOf(container, status.initContainerStatuses, unsaid, pod)
    if (container.restartPolicy === 'Always') {
      addTo(sum, own)
      addTo(sidecars, own)
      raise(largest, sidecars)
    } else {
      addTo(own, sidecars)
      raise(largest, own)
    }
  }
  raise(sum, largest)
  return sum
}

type Statuses = NonNullable<Pod['status']>['containerStatuses']

/** Requests default to limits; what is allocated while a resize is under way counts where it is more. */
function requestOf(container: Container, statuses: Statuses, unsaid: Readonly<Record<string, bigint>>, pod: Pod): Amounts {
  const owner = nameOf(pod)
  const own = parse({ ...container.resources?.limits, ...container.resources?.requests }, owner)
  const status = statuses?.find(({ name }) => name === container.name)
  raise(own, parse(status?.allocatedResources, owner))
  raise(own, parse(status?.resources?.requests, owner))
  for (const [name, amount] of Object.entries(unsaid)) if (!own.has(name)) own.set(name, amount)
  return own
}

/** Requests of the pod as a whole, with what the API server fills in where only limits are given. */
function levelRequests(pod: Pod): Amounts {
  const { requests, limits } = pod.spec?.resources ?? {}
  const owner = nameOf(pod)
  const levels = new Map([...parse(requests, owner)].filter(([name]) => ofPod(name)))
  if (!limits || Object.keys(limits).length === 0) return levels
  for (const given of [containers(pod, {}), parse(limits, owner)])
    for (const [name, amount] of given) if (ofPod(name) && !levels.has(name)) levels.set(name, amount)
  return levels
}

function parse(quantities: Quantities | undefined, owner: string): Amounts {
  return new Map(
    Object.entries(quantities ?? {}).map(([name, text]) => {
      const amount = parseQuantity(text)
      if (amount === null || amount < 0n) throw new InputError(`${owner}: ${name}: not an amount: ${text} (500m, 2, 1.5Gi or 1e9 would do)`)
      return [name, amount]
    }),
  )
}

function addTo(sum: Amounts, amounts: Amounts): void {
  for (const [name, amount] of amounts) sum.set(name, (sum.get(name) ?? 0n) + amount)
}

function raise(most: Amounts, amounts: Amounts): void {
  for (const [name, amount] of amounts) if (amount > (most.get(name) ?? -1n)) most.set(name, amount)
}

const whole = (amounts: Amounts) =>
  Object.fromEntries([...amounts].map(([name, milli]) => [name, name === 'cpu' ? Number(milli) : wholeOf(milli)]))

function cpuAndMemory(amounts: Amounts): Readonly<Record<string, number>> {
  const { cpu = 0, memory = 0 } = whole(amounts)
  return { cpu, memory }
}

export const nameOf = ({ kind, metadata }: Pod): string => `${kind ?? 'Pod'} ${metadata?.namespace ?? 'default'}/${metadata?.name ?? ''}`
