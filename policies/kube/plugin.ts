import type { CellView } from '../../sim/index.ts'
import type { KubeProfile } from './profile.ts'

/** What a plugin may read. */
export type KubeView = Omit<CellView, 'random'>

/** One reason why a machine will not do, in kube-scheduler's words. */
export interface Refusal {
  readonly why: string
  /** Whether evicting tasks could change it (Unschedulable, not UnschedulableAndUnresolvable). */
  readonly mayOpen: boolean
}

export interface KubeFilter {
  /** null where the machine will do. */
  refuse(taskClass: number, machine: number): Refusal | null
  /** Whether what lies on other machines decides for this class. Absent: no. */
  isWide?(taskClass: number): boolean
  /** Whether the answer can never change. */
  readonly isFixed?: true
}

export interface KubeScorer {
  /** Once a decision, over the machines with room. False: the plugin adds nothing (PreScore's Skip). */
  begin?(taskClass: number, machines: Int32Array, count: number): boolean
  /** NaN: the machine is left out of `least` and `most`, and scores 0. */
  score(taskClass: number, machine: number): number
  /** From what `score` gave to an integer from 0 to 100. Absent: it is one already. */
  normalise?(score: number, least: number, most: number): number
}

/** A plugin of kube-scheduler by the name that its configuration knows. */
export interface KubePlugin {
  readonly name: string
  /** Its weight in the default profile; 0 for one that does not score. */
  readonly weight: number
  filter?(view: KubeView, profile: KubeProfile): KubeFilter
  scorer?(view: KubeView, profile: KubeProfile): KubeScorer
}
