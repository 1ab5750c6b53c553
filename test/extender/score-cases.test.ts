import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { ForcedScheduler, schedulerProfiles } from '../../extender/index.ts'
import { brokenLinear, type KubeProfile, type ShapePoint } from '../../policies/index.ts'
import { type ClusterObjects, translateCluster } from '../../workloads/index.ts'

const FILE = fileURLToPath(new URL('../../../shared/reference/kube-score-cases.json', import.meta.url))

type Amounts = Readonly<Record<string, number>>
interface CasePod {
  readonly containers: readonly Amounts[]
  readonly initContainers?: readonly Amounts[]
  readonly restartableInitContainers?: readonly Amounts[]
  readonly podLevelRequests?: Amounts
  readonly overhead?: Amounts
  readonly node?: string
}
interface Case {
  readonly id: number
  readonly plugin: string
  readonly args: Readonly<Record<string, unknown>>
  readonly pod: CasePod | null
  readonly existingPods: readonly CasePod[] | null
  readonly nodes: readonly { readonly name: string; readonly allocatable: Amounts }[] | null
  readonly expectedScores: Amounts | null
  readonly expectedStatus?: string
  readonly expectedInsufficient?: readonly { readonly resource: string }[]
  readonly preScore?: string
  readonly k8sVersions?: string
  readonly points?: readonly { readonly utilization: number; readonly expected: number }[]
  readonly testName: string
}

const NAMES: Readonly<Record<string, string>> = { cpuMilli: 'cpu', memoryBytes: 'memory', ephemeralStorageBytes: 'ephemeral-storage' }
const quantities = (amounts: Amounts) =>
  Object.fromEntries(Object.entries(amounts).map(([name, amount]) => [NAMES[name] ?? name, name === 'cpuMilli' ? `${amount}m` : amount]))

function podOf(
  { containers, initContainers = [], restartableInitContainers = [], podLevelRequests, overhead, node }: CasePod,
  name: string,
) {
  const container = (amounts: Amounts) => ({ resources: { requests: quantities(amounts) } })
  return {
    metadata: { name },
    spec: {
      nodeName: node,
      containers: containers.map(container),
      initContainers: [
        ...initContainers.map(container),
        ...restartableInitContainers.map((amounts) => ({ ...container(amounts), restartPolicy: 'Always' })),
      ],
      ...(podLevelRequests && { resources: { requests: quantities(podLevelRequests) } }),
      ...(overhead && { overhead: quantities(overhead) }),
    },
  }
}

/** The case's cluster with its pods where they are, and the run that is asked about. */
function schedulerOf({ args, plugin, nodes, existingPods, pod, k8sVersions }: Case) {
  const cluster: ClusterObjects = {
    nodes: (nodes ?? []).map(({ name, allocatable }) => ({
      metadata: { name },
      status: { allocatable: quantities({ pods: 110, ...allocatable }) },
    })),
    pods: [...(existingPods ?? []).map((one, i) => podOf(one, `existing-${i}`)), podOf(pod ?? { containers: [] }, 'asked')],
    priorityClasses: [],
    namespaces: [],
    services: [],
    controllers: [],
    budgets: [],
  }
  const { shape, ...strategy } = (args.scoringStrategy ?? {}) as Readonly<Record<string, unknown>>
  const config = {
    apiVersion: 'kubescheduler.config.k8s.io/v1',
    kind: 'KubeSchedulerConfiguration',
    profiles: [
      {
        pluginConfig: [
          {
            name: plugin.split('/')[0],
            args: {
              ...args,
              ...(args.scoringStrategy !== undefined && {
                scoringStrategy: { ...strategy, ...(shape !== undefined && { requestedToCapacityRatio: { shape } }) },
              }),
            },
          },
        ],
      },
    ],
  }
  const [profile]: KubeProfile[] = [...schedulerProfiles(config, 'case', k8sVersions === '<=1.35' ? 35 : 36).values()]
  const trace = translateCluster(cluster, 'case')
  const scheduler = new ForcedScheduler(trace, profile)
  for (let run = 0; run < trace.runs.count; run++) if (trace.runs.preplaced[run]) scheduler.place(run, trace.runs.machine[run])
  return { scheduler, trace, asked: trace.jobs.id.indexOf('default/asked') }
}

test('kube-scheduler’s own test cases of scores and of room come out as they do there, 106 of 106', {
  skip: existsSync(FILE) ? false : `${FILE} is not there`,
}, () => {
  const { cases } = JSON.parse(readFileSync(FILE, 'utf8')) as { readonly cases: readonly Case[] }
  let held = 0
  for (const one of cases) {
    const told = `case ${one.id}: ${one.testName}`
    if (one.points) {
      // The curve is tested there by itself, in whole points.
      const curve = brokenLinear((one.args as { readonly shape: readonly ShapePoint[] }).shape)
      for (const { utilization, expected } of one.points) assert.equal(curve(utilization), expected, told)
    } else if (one.expectedStatus) {
      const { scheduler, asked } = schedulerOf(one)
      assert.deepEqual(
        [...scheduler.reasons(asked, 0)].sort(),
        (one.expectedInsufficient ?? []).map(({ resource }) => (resource === 'pods' ? 'Too many pods' : `Insufficient ${resource}`)).sort(),
        told,
      )
      assert.equal(scheduler.fits(asked, 0), one.expectedStatus === 'Success', told)
      if (one.expectedStatus !== 'Success') assert.equal(scheduler.mayOpen(asked, 0), one.expectedStatus === 'Unschedulable', told)
    } else {
      const { scheduler, trace, asked } = schedulerOf(one)
      const scores = scheduler.rank(asked, Int32Array.from(trace.machines.id.keys())).terms.get(one.plugin)
      const found = scores && Object.fromEntries(trace.machines.id.map((id, m) => [id, scores[m]]))
      assert.deepEqual(found ?? null, one.expectedScores, told)
    }
    held++
  }
  assert.equal(held, 106)
})
