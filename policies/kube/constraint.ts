import type { ConstraintPolicy } from '../../sim/index.ts'
import type { KubeFilter, Refusal } from './plugin.ts'
import { kubePlugin } from './plugins.ts'
import type { KubeProfile } from './profile.ts'

/** The engine looks after room by itself. */
const ROOM = 'NodeResourcesFit'

/** The filters of a profile, but for room, as what keeps classes off machines. */
export function kubeConstraint(profile: KubeProfile): ConstraintPolicy {
  return {
    sentence: 'Keeps tasks off machines as the filter plugins of kube-scheduler do.',
    source: 'kube-scheduler 1.34 to 1.36, framework/plugins',
    create: (view) => {
      const all = profile.filters.map((name) => ({ name, filter: kubePlugin(name).filter?.(view, profile) }))
      const inOrder = all.flatMap(({ filter }) => (filter ? [filter] : []))
      const filters = all.flatMap(({ name, filter }) => (filter && name !== ROOM ? [filter] : []))
      const fixed = filters.filter(({ isFixed }) => isFixed)
      const first = (taskClass: number, machine: number, among: readonly KubeFilter[]): Refusal | null => {
        for (const filter of among) {
          const refusal = filter.refuse(taskClass, machine)
          if (refusal) return refusal
        }
        return null
      }
      return {
        allows: (taskClass, machine) => first(taskClass, machine, filters) === null,
        never: (taskClass, machine) => first(taskClass, machine, fixed) !== null,
        // The first that refuses decides, room among them.
        mayOpen: (taskClass, machine) => first(taskClass, machine, inOrder)?.mayOpen ?? true,
        reasons: (taskClass, machine) => {
          const refusal = first(taskClass, machine, filters)
          return refusal ? [refusal.why] : []
        },
        isWide: (taskClass) => filters.some((filter) => filter.isWide?.(taskClass)),
      }
    },
  }
}
