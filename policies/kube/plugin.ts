import type { CellSight, Packing } from '../../sim/index.ts'
import type { KubeProfile } from './profile.ts'

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

/** A plugin of kube-scheduler by the name that its configuration knows. */
export interface KubePlugin {
  readonly name: string
  /** Its weight in the default profile; 0 for one that does not score. */
  readonly weight: number
  filter?(view: CellSight, profile: KubeProfile): KubeFilter
  scorer?(view: CellSight, profile: KubeProfile): Packing
}
