/** One condition on labels. `above` and `below` compare whole numbers; all but `absent` and `not-in` need the label to be there. */
export interface LabelCondition {
  readonly key: string
  readonly operator: 'in' | 'not-in' | 'exists' | 'absent' | 'above' | 'below'
  readonly values: readonly string[]
}

/** All must hold: an empty one holds for everything. null holds for nothing. */
export type LabelQuery = readonly LabelCondition[] | null

export type Labels = Readonly<Record<string, string>>

/** What keeps tasks off a machine, or would rather: those that do not tolerate it. */
export interface Taint {
  readonly key: string
  readonly value: string
  /** `NoSchedule` and `NoExecute` bar, `PreferNoSchedule` counts in scores. */
  readonly effect: string
}

export interface Toleration {
  /** Empty with `exists`: every key. */
  readonly key: string
  readonly exists: boolean
  readonly value: string
  /** Empty: every effect. */
  readonly effect: string
}

/** What a machine is, beyond its capacity. */
export interface MachineTraits {
  readonly labels: Labels
  readonly taints: readonly Taint[]
  /** Takes no new tasks, save those that tolerate it. */
  readonly closed: boolean
  /** Images that lie there, by every name, with their size in bytes. */
  readonly images: Readonly<Record<string, number>>
}

/** A condition on a machine: on its labels, and on its id. Both must hold; with neither it holds nowhere. */
export interface MachineTerm {
  readonly labels: readonly LabelCondition[]
  readonly ids: readonly LabelCondition[]
}

/** Which placed tasks a rule is about. */
export interface TaskQuery {
  readonly spaces: readonly string[] | 'every'
  readonly labels: LabelQuery
}

/** Tasks that match, in the same domain: machines with one value of the label `by`. */
export interface AffinityTerm {
  readonly by: string
  readonly tasks: TaskQuery
  /** Above 0 attracts, below 0 repels; 0 for one that must hold. */
  readonly weight: number
}

/** How unevenly tasks that match may lie over the domains of a label. */
export interface SpreadRule {
  readonly by: string
  readonly tasks: TaskQuery
  readonly maxSkew: number
  readonly minDomains: number
  /** Domains are those of machines that the class's selectors allow, of machines whose taints it tolerates. */
  readonly heedsAffinity: boolean
  readonly heedsTaints: boolean
}

/** A port of the machine that a task takes for itself. */
export interface Port {
  readonly address: string
  readonly protocol: string
  readonly port: number
}

/** What a class of tasks asks beyond room. */
export interface ClassRules {
  readonly space: string
  readonly labels: Labels
  /** The one machine by id, or null for any. */
  readonly machine: string | null
  /** Labels that the machine must have, and terms of which one must hold; null for any. */
  readonly selector: readonly LabelCondition[]
  readonly oneOf: readonly MachineTerm[] | null
  readonly preferred: readonly { readonly weight: number; readonly term: MachineTerm }[]
  readonly tolerations: readonly Toleration[]
  readonly ports: readonly Port[]
  readonly spread: readonly SpreadRule[]
  readonly preferSpread: readonly SpreadRule[]
  /** Whether `preferSpread` are the scheduler's defaults and not the task's own. */
  readonly defaultSpread: boolean
  readonly near: readonly AffinityTerm[]
  readonly apart: readonly AffinityTerm[]
  /** Preferred affinity, and with negative weights anti-affinity. */
  readonly preferNear: readonly AffinityTerm[]
  /** The images of its containers, one entry a container. */
  readonly images: readonly string[]
  /** Whether it may evict lower priorities. */
  readonly preempts: boolean
  /** Whether it is on its way out: it takes room, but does not count where tasks are counted. */
  readonly leaving: boolean
  /**
   * What counts in scores where that is not the request, by resource: `asked` when it is looking for a machine, `placed` when
   * it is on one.
   */
  readonly asked: Readonly<Record<string, number>>
  readonly placed: Readonly<Record<string, number>>
}

/** How many of the tasks that match may be evicted at once. */
export interface Budget {
  readonly tasks: TaskQuery
  /** At the opening, perhaps below 0; each that is then evicted takes one away, each that is placed gives one. */
  readonly allowed: number
}
