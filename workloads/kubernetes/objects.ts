/** As much of Kubernetes' objects as is read here. Everything may be missing: objects come from people, too. */
export interface KubeObject {
  readonly apiVersion?: string
  readonly kind?: string
  readonly metadata?: Metadata
}

export interface Metadata {
  readonly name?: string
  readonly namespace?: string
  readonly uid?: string
  readonly labels?: Readonly<Record<string, string>>
  readonly creationTimestamp?: string
  readonly deletionTimestamp?: string
  readonly ownerReferences?: readonly { readonly kind?: string; readonly name?: string; readonly controller?: boolean }[]
}

export type Quantities = Readonly<Record<string, string | number>>

interface Resources {
  readonly requests?: Quantities
  readonly limits?: Quantities
}

export interface Container {
  readonly name?: string
  readonly image?: string
  readonly restartPolicy?: string
  readonly resources?: Resources
  readonly ports?: readonly {
    readonly hostPort?: number
    readonly containerPort?: number
    readonly hostIP?: string
    readonly protocol?: string
  }[]
}

export interface Requirement {
  readonly key?: string
  readonly operator?: string
  readonly values?: readonly (string | number)[]
}

export interface LabelSelector {
  readonly matchLabels?: Readonly<Record<string, string>>
  readonly matchExpressions?: readonly Requirement[]
}

export interface NodeSelectorTerm {
  readonly matchExpressions?: readonly Requirement[]
  readonly matchFields?: readonly Requirement[]
}

export interface PodAffinityTerm {
  readonly topologyKey?: string
  readonly labelSelector?: LabelSelector | null
  readonly namespaces?: readonly string[]
  readonly namespaceSelector?: LabelSelector | null
  readonly matchLabelKeys?: readonly string[]
  readonly mismatchLabelKeys?: readonly string[]
}

interface PodAffinity {
  readonly requiredDuringSchedulingIgnoredDuringExecution?: readonly PodAffinityTerm[]
  readonly preferredDuringSchedulingIgnoredDuringExecution?: readonly {
    readonly weight?: number
    readonly podAffinityTerm?: PodAffinityTerm
  }[]
}

export interface PodSpec {
  readonly nodeName?: string
  readonly containers?: readonly Container[]
  readonly initContainers?: readonly Container[]
  readonly overhead?: Quantities
  readonly resources?: Resources
  readonly nodeSelector?: Readonly<Record<string, string>>
  readonly affinity?: {
    readonly nodeAffinity?: {
      readonly requiredDuringSchedulingIgnoredDuringExecution?: { readonly nodeSelectorTerms?: readonly NodeSelectorTerm[] }
      readonly preferredDuringSchedulingIgnoredDuringExecution?: readonly {
        readonly weight?: number
        readonly preference?: NodeSelectorTerm
      }[]
    }
    readonly podAffinity?: PodAffinity
    readonly podAntiAffinity?: PodAffinity
  }
  readonly tolerations?: readonly { readonly key?: string; readonly operator?: string; readonly value?: string; readonly effect?: string }[]
  readonly topologySpreadConstraints?: readonly {
    readonly topologyKey?: string
    readonly maxSkew?: number
    readonly minDomains?: number
    readonly whenUnsatisfiable?: string
    readonly labelSelector?: LabelSelector | null
    readonly nodeAffinityPolicy?: string
    readonly nodeTaintsPolicy?: string
    readonly matchLabelKeys?: readonly string[]
  }[]
  readonly priority?: number
  readonly priorityClassName?: string
  readonly preemptionPolicy?: string
  readonly schedulerName?: string
  readonly hostNetwork?: boolean
  readonly schedulingGates?: readonly { readonly name?: string }[]
}

interface ContainerStatus {
  readonly name?: string
  readonly allocatedResources?: Quantities
  readonly resources?: Resources
}

export interface Pod extends KubeObject {
  readonly spec?: PodSpec
  readonly status?: {
    readonly phase?: string
    readonly startTime?: string
    /** Where victims are making room for it. */
    readonly nominatedNodeName?: string
    readonly containerStatuses?: readonly ContainerStatus[]
    readonly initContainerStatuses?: readonly ContainerStatus[]
  }
}

export interface Node extends KubeObject {
  readonly spec?: {
    readonly unschedulable?: boolean
    readonly taints?: readonly { readonly key?: string; readonly value?: string; readonly effect?: string }[]
  }
  readonly status?: {
    readonly allocatable?: Quantities
    readonly capacity?: Quantities
    readonly images?: readonly { readonly names?: readonly string[]; readonly sizeBytes?: number }[]
  }
}

/** What selects pods: a Service, a ReplicationController by a map; a ReplicaSet, a StatefulSet, a PodDisruptionBudget by a selector. */
export interface Selecting extends KubeObject {
  readonly spec?: {
    readonly selector?: unknown
    readonly minAvailable?: string | number
    readonly maxUnavailable?: string | number
  }
  readonly status?: { readonly disruptionsAllowed?: number; readonly currentHealthy?: number; readonly desiredHealthy?: number }
}

export interface PriorityClass extends KubeObject {
  readonly value?: number
  readonly globalDefault?: boolean
  readonly preemptionPolicy?: string
}

/** The objects of a cluster by kind, as far as they decide where pods go. */
export interface ClusterObjects {
  readonly nodes: readonly Node[]
  readonly pods: readonly Pod[]
  readonly priorityClasses: readonly PriorityClass[]
  readonly namespaces: readonly KubeObject[]
  readonly services: readonly Selecting[]
  /** ReplicationControllers, ReplicaSets and StatefulSets. */
  readonly controllers: readonly Selecting[]
  readonly budgets: readonly Selecting[]
}
