import type { CellSight } from '../../sim/index.ts'
import { NOT_NAMED } from './plugins/node-affinity.ts'
import { insufficient } from './plugins/node-resources-fit.ts'
import { kubePlugin } from './plugins.ts'
import type { KubeProfile } from './profile.ts'
import { pinnedTo } from './selects.ts'

/** Why a machine is not for a class, in kube-scheduler's words: all that the first filter that refuses has to say. Empty: it will do. */
export function whyNot(view: CellSight, profile: KubeProfile): (taskClass: number, machine: number) => readonly string[] {
  const filters = profile.filters.map((name) => ({ name, filter: kubePlugin(name).filter?.(view, profile) }))
  return (taskClass, machine) => {
    // Nodes that required node affinity does not name are left out before any filter is asked.
    if (view.rules && profile.filters.includes('NodeAffinity')) {
      const named = pinnedTo(view.rules, taskClass)
      if (named && !named.has(view.rules.ids[machine])) return [NOT_NAMED.why]
    }
    for (const { name, filter } of filters) {
      const refusal = filter?.refuse(taskClass, machine)
      if (refusal) return name === 'NodeResourcesFit' ? insufficient(view, taskClass, machine) : [refusal.why]
    }
    return []
  }
}

/** kube-scheduler's sentence: `0/3 nodes are available: 2 Insufficient cpu, 3 Insufficient memory.` */
export function unschedulableMessage(reasons: readonly (readonly string[])[]): string {
  const counts = new Map<string, number>()
  for (const why of reasons.flat()) counts.set(why, (counts.get(why) ?? 0) + 1)
  const parts = [...counts].map(([why, count]) => `${count} ${why}`).sort()
  return `0/${reasons.length} nodes are available: ${parts.join(', ')}.`
}
