/** How much of each resource counts, by its name in Kubernetes. */
export interface ResourceWeight {
  readonly name: string
  readonly weight: number
}

/** A point of a curve: score 0 to 10 at a utilisation of 0 to 100 %. */
export interface ShapePoint {
  readonly utilization: number
  readonly score: number
}

/** One profile of a KubeSchedulerConfiguration, with everything that decides what it does. Plain data. */
export interface KubeProfile {
  /** kube-scheduler 1.N. */
  readonly minor: number
  /** Plugins that filter, in the order in which they are asked, and those that score with their weights. */
  readonly filters: readonly string[]
  readonly scores: readonly { readonly name: string; readonly weight: number }[]
  /** DefaultPreemption. */
  readonly preempts: boolean
  /** 0: kube-scheduler's own choice by the number of nodes. */
  readonly percentageOfNodesToScore: number
  readonly fit: {
    readonly strategy: 'LeastAllocated' | 'MostAllocated' | 'RequestedToCapacityRatio'
    readonly resources: readonly ResourceWeight[]
    readonly shape: readonly ShapePoint[]
    /** Extended resources that the filter does not look at: by name, and by the part before the slash. */
    readonly ignoredResources: readonly string[]
    readonly ignoredResourceGroups: readonly string[]
  }
  readonly balanced: { readonly resources: readonly ResourceWeight[] }
  readonly interPodAffinity: { readonly hardPodAffinityWeight: number; readonly ignorePreferredTermsOfExistingPods: boolean }
  /** For pods without constraints of their own. */
  readonly defaultSpread: readonly { readonly by: string; readonly maxSkew: number; readonly hard: boolean }[]
  /** Whether those leave out nodes that lack one of the labels, as a pod's own do; the system's do not. */
  readonly defaultSpreadNeedsLabels: boolean
}

export const CPU_AND_MEMORY: readonly ResourceWeight[] = [
  { name: 'cpu', weight: 1 },
  { name: 'memory', weight: 1 },
]

export const ZONE = 'topology.kubernetes.io/zone'
export const HOSTNAME = 'kubernetes.io/hostname'

/** kube-scheduler's `defaultingType: System`. */
export const SYSTEM_SPREAD: KubeProfile['defaultSpread'] = [
  { by: HOSTNAME, maxSkew: 3, hard: false },
  { by: ZONE, maxSkew: 5, hard: false },
]
