import { randomStream } from '../sim/index.ts'
import { GPU_SHARE } from '../workloads/index.ts'
import type { RecordedNode, RecordedPod, RecordingContent } from './recording.ts'

/** `refinements` are those of spread and pod-affinity: domains, label keys, pods and selectors of two namespaces. `budgets` bound what priorities evict. */
export const KINDS = [
  'resources',
  'gpus',
  'taints',
  'node-affinity',
  'spread',
  'pod-affinity',
  'priorities',
  'ports-and-images',
  'refinements',
  'budgets',
] as const
/** What only a scheduler with an extender understands: half of the pods that want GPUs ask for a share of one. */
export const SHARES = 'gpu-shares'
export type Kind = (typeof KINDS)[number] | typeof SHARES

export interface GenerateRequest {
  readonly kinds: readonly Kind[]
  /** At most 100: beyond, a scheduler does not look at all of them. */
  readonly nodes: number
  readonly pods: number
  readonly seed: number
}

type Inputs = Pick<RecordingContent, 'nodes' | 'pods' | 'priorityClasses' | 'budgets'>

const ZONE = 'topology.kubernetes.io/zone'
const HOSTNAME = 'kubernetes.io/hostname'
const GIB = 2 ** 30
/** All namespaces, either that has pods, and none. */
const SPACES: readonly { readonly matchLabels?: Readonly<Record<string, string>> }[] = [
  {},
  { matchLabels: { 'kubernetes.io/metadata.name': 'default' } },
  { matchLabels: { 'kubernetes.io/metadata.name': 'kube-public' } },
  { matchLabels: { team: 'nobody' } },
]

/** Nodes and pods by seed that use what the kinds name, alone and together; the cell becomes over-full towards the end. */
export function generatePods({ kinds, nodes: nodeCount, pods: podCount, seed }: GenerateRequest): Inputs {
  const random = randomStream(seed, 'crosscheck')
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)]
  const chance = (share: number) => random() < share
  const has = (kind: Kind) => kinds.includes(kind)
  const images = Array.from({ length: 6 }, (_, i) => ({
    name: `example.invalid/image${i}:v1`,
    bytes: 30_000_000 + Math.floor(random() * 9e8),
  }))
  const priorityClasses = has('priorities')
    ? [
        { name: 'stowage-low', value: 100, preemptionPolicy: 'PreemptLowerPriority' },
        { name: 'stowage-high', value: 1000, preemptionPolicy: 'PreemptLowerPriority' },
        { name: 'stowage-never', value: 2000, preemptionPolicy: 'Never' },
      ]
    : []

  const makeNode = (_: unknown, i: number): RecordedNode => {
    const cores = pick([4, 8, 16, 32])
    const isGpu = has('gpus') && chance(0.4)
    const taints = [
      ...(isGpu && chance(0.5) ? [{ key: 'nvidia.com/gpu', value: 'true', effect: 'NoSchedule' }] : []),
      ...(has('taints') && chance(0.3) ? [{ key: 'old', value: '', effect: 'PreferNoSchedule' }] : []),
      ...(has('taints') && chance(0.15) ? [{ key: 'team', value: pick(['a', 'b']), effect: pick(['NoSchedule', 'NoExecute']) }] : []),
    ]
    return {
      name: `stowage-n${String(i).padStart(3, '0')}`,
      cpu: `${cores * 1000 - Math.floor(random() * 200)}m`,
      memory: `${Math.floor((cores * pick([2, 4, 8]) * GIB) / 1024 - random() * 500_000)}Ki`,
      pods: pick([10, 20, 110]),
      ...(isGpu && { gpu: pick([2, 4, 8]) }),
      labels: {
        disk: pick(['ssd', 'hdd', 'nvme']),
        gen: String(1 + Math.floor(random() * 5)),
        rack: `r${Math.floor(random() * 6)}`,
        ...(chance(0.9) && { [ZONE]: pick(['z1', 'z2', 'z3']) }),
      },
      ...(taints.length > 0 && { taints }),
      ...(has('taints') && chance(0.05) && { unschedulable: true }),
      ...(has('ports-and-images') && {
        images: images.filter(() => chance(0.4)).map(({ name, bytes }) => ({ names: [name], sizeBytes: bytes })),
      }),
    }
  }

  const makePod = (_: unknown, i: number): RecordedPod => {
    const app = pick(['web', 'db', 'job', 'cache'])
    const selector = () => ({ matchLabels: { app: pick(['web', 'db', 'job', 'cache']) } })
    const topologyKey = () => pick([ZONE, HOSTNAME, 'rack'])
    const gpus = has('gpus') && chance(0.25) ? String(pick([1, 1, 2, 4])) : undefined
    const wanted: Record<string, string> =
      has(SHARES) && chance(0.5) ? { [GPU_SHARE]: String(pick([100, 200, 250, 500, 700])) } : gpus ? { 'nvidia.com/gpu': gpus } : {}
    const requests = {
      ...(chance(0.9) && { cpu: `${pick([50, 250, 500, 1000, 2000, 3333])}m` }),
      ...(chance(0.9) && { memory: `${pick([64, 256, 777, 2048, 6000])}Mi` }),
      ...wanted,
    }
    const tolerations = [
      ...(has('taints') && chance(0.3)
        ? [{ key: 'team', operator: 'Equal', value: pick(['a', 'b']), effect: pick(['NoSchedule', '']) }]
        : []),
      ...(has('taints') && chance(0.2) ? [{ key: 'old', operator: 'Exists' }] : []),
      ...(Object.keys(wanted).length > 0 ? [{ key: 'nvidia.com/gpu', operator: 'Exists', effect: 'NoSchedule' }] : []),
    ]
    const keys = (name: string, share: number) => has('refinements') && chance(share) && { [name]: ['version'] }
    const spaces = () => has('refinements') && chance(0.3) && { namespaceSelector: pick(SPACES) }
    const named = () => has('refinements') && chance(0.15) && { namespaces: pick([['kube-public'], ['default', 'kube-public']]) }
    const refined = () => ({ ...keys('matchLabelKeys', 0.3), ...spaces(), ...named() })
    const term = () => ({ topologyKey: topologyKey(), labelSelector: selector(), ...refined() })
    const nodeAffinity = {
      ...(chance(0.3) && {
        requiredDuringSchedulingIgnoredDuringExecution: {
          nodeSelectorTerms: [
            {
              matchExpressions: [
                pick([
                  { key: 'gen', operator: 'Gt', values: ['2'] },
                  { key: 'disk', operator: 'NotIn', values: ['hdd'] },
                ]),
              ],
            },
          ],
        },
      }),
      preferredDuringSchedulingIgnoredDuringExecution: [
        {
          weight: 1 + Math.floor(random() * 100),
          preference: { matchExpressions: [{ key: 'disk', operator: 'In', values: [pick(['ssd', 'nvme'])] }] },
        },
      ],
    }
    const affinity = {
      ...(has('node-affinity') && chance(0.4) && { nodeAffinity }),
      ...(has('pod-affinity') &&
        chance(0.3) && {
          podAffinity: chance(0.4)
            ? {
                requiredDuringSchedulingIgnoredDuringExecution: [
                  { topologyKey: pick([ZONE, 'rack']), labelSelector: { matchLabels: { app } }, ...refined() },
                ],
              }
            : { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 1 + Math.floor(random() * 100), podAffinityTerm: term() }] },
        }),
      ...(has('pod-affinity') &&
        chance(0.3) && {
          podAntiAffinity: chance(0.4)
            ? {
                requiredDuringSchedulingIgnoredDuringExecution: [
                  { topologyKey: HOSTNAME, labelSelector: selector(), ...keys('mismatchLabelKeys', 0.3), ...spaces(), ...named() },
                ],
              }
            : { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 1 + Math.floor(random() * 100), podAffinityTerm: term() }] },
        }),
    }
    const container = {
      name: 'c0',
      image: has('ports-and-images') ? pick(images).name : 'example.invalid/none:v1',
      resources: { requests, ...(Object.keys(wanted).length > 0 && { limits: wanted }) },
      ...(has('ports-and-images') && chance(0.1) && { ports: [{ containerPort: 80, hostPort: pick([8080, 8081]) }] }),
    }
    return {
      name: `p${String(i).padStart(3, '0')}`,
      ...(has('refinements') && chance(0.4) && { namespace: 'kube-public' }),
      labels: { app, ...(has('refinements') && { version: pick(['1', '2']) }) },
      containers: [container],
      ...(tolerations.length > 0 && { tolerations }),
      ...(has('node-affinity') && chance(0.15) && { nodeSelector: { disk: pick(['ssd', 'nvme']) } }),
      ...(Object.keys(affinity).length > 0 && { affinity }),
      ...(has('spread') &&
        chance(0.4) && {
          topologySpreadConstraints: [spreadBy(topologyKey, app, keys)],
        }),
      ...(has('priorities') && { priorityClassName: pick(i < podCount / 2 ? ['stowage-low'] : priorityClasses.map(({ name }) => name)) }),
    }
  }
  /** Only a constraint that must hold knows of domains. */
  const spreadBy = (key: () => string, app: string, keys: (name: string, share: number) => object | false) => {
    const maxSkew = 1 + Math.floor(random() * 3)
    const topologyKey = key()
    const whenUnsatisfiable = pick(['DoNotSchedule', 'ScheduleAnyway', 'ScheduleAnyway'])
    const domains = has('refinements') && whenUnsatisfiable === 'DoNotSchedule' && chance(0.5) && { minDomains: pick([2, 3, 4, 7]) }
    return { maxSkew, topologyKey, whenUnsatisfiable, labelSelector: { matchLabels: { app } }, ...domains, ...keys('matchLabelKeys', 0.4) }
  }
  return {
    nodes: Array.from({ length: nodeCount }, makeNode),
    pods: Array.from({ length: podCount }, makePod),
    ...(priorityClasses.length > 0 && { priorityClasses }),
    ...(has('budgets') && {
      budgets: ['web', 'db', 'job'].map((app) => ({
        name: `stowage-${app}`,
        app,
        minAvailable: pick([1, Math.ceil(podCount / 8), podCount]),
      })),
    }),
  }
}
