import type { MachineTerm, RulesView } from '../../sim/index.ts'

/** Whether a term holds for the machine; one without any condition holds nowhere. */
export function termHolds(rules: RulesView, { labels, ids }: MachineTerm, machine: number): boolean {
  if (labels.length === 0 && ids.length === 0) return false
  return rules.holds(labels, rules.machines[machine].labels) && rules.holds(ids, { 'metadata.name': rules.ids[machine] })
}

/** Whether the class's node selector and required node affinity hold for the machine. */
export function selects(rules: RulesView, taskClass: number, machine: number): boolean {
  const { selector, oneOf } = rules.classes[taskClass]
  if (!rules.holds(selector, rules.machines[machine].labels)) return false
  return oneOf === null || oneOf.some((term) => termHolds(rules, term, machine))
}

/** The machines that required node affinity names by `metadata.name` in each of its terms, or null where it does not. */
export function pinnedTo(rules: RulesView, taskClass: number): ReadonlySet<string> | null {
  const { oneOf } = rules.classes[taskClass]
  if (oneOf === null || oneOf.length === 0) return null
  const named = oneOf.map(({ ids }) => ids.filter(({ operator }) => operator === 'in').map(({ values }) => values))
  if (named.some((conditions) => conditions.length === 0)) return null
  return new Set(named.flatMap(([first, ...rest]) => first.filter((id) => rest.every((values) => values.includes(id)))))
}
