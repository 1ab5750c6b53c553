import type { AffinityTerm, RulesView } from '../../../sim/index.ts'
import { perEpoch } from '../per-epoch.ts'
import type { KubePlugin } from '../plugin.ts'

const NOT_NEAR = { why: "node(s) didn't match pod affinity rules", mayOpen: false }
const NOT_APART = { why: "node(s) didn't match pod anti-affinity rules", mayOpen: true }
const UNWANTED = { why: "node(s) didn't satisfy existing pods anti-affinity rules", mayOpen: true }

/** By label, by its value: a number. */
type Domains = Map<string, Map<string, number>>

/** Keeps tasks near to or apart from others in the same domain, by rule or by preference. */
export const interPodAffinity: KubePlugin = {
  name: 'InterPodAffinity',
  weight: 2,
  filter: ({ rules, epoch }) => {
    const unwanted = rules && classesWith(rules, ({ apart }) => apart)
    const isUnwanted = (taskClass: number) => (rules && unwanted ? unwanted.filter(({ term }) => rules.matches(term.tasks, taskClass)) : [])
    const unwantedBy = memo(isUnwanted)
    const found = perEpoch(epoch, (taskClass) => {
      const near: Domains = new Map()
      const apart: Domains = new Map()
      const barred: Domains = new Map()
      if (!rules) return { near, apart, barred }
      const own = rules.classes[taskClass]
      if (own.near.length > 0 || own.apart.length > 0)
        for (const other of rules.placedClasses) {
          const isNear = own.near.length > 0 && own.near.every((term) => rules.matches(term.tasks, other))
          for (const [machine, count] of rules.machinesOf(other)) {
            if (isNear) for (const term of own.near) add(near, rules, machine, term.by, count)
            for (const term of own.apart) if (rules.matches(term.tasks, other)) add(apart, rules, machine, term.by, count)
          }
        }
      for (const { taskClass: other, term } of unwantedBy(taskClass))
        for (const [machine, count] of rules.machinesOf(other)) add(barred, rules, machine, term.by, count)
      return { near, apart, barred }
    })
    return {
      isWide: (taskClass) => {
        if (!rules) return false
        const { near, apart } = rules.classes[taskClass]
        return near.length > 0 || apart.length > 0 || unwantedBy(taskClass).length > 0
      },
      refuse: (taskClass, machine) => {
        if (!rules) return null
        const own = rules.classes[taskClass]
        if (own.near.length === 0 && own.apart.length === 0 && unwantedBy(taskClass).length === 0) return null
        const { near, apart, barred } = found(taskClass)
        const { labels } = rules.machines[machine]
        if (!own.near.every(({ by }) => Object.hasOwn(labels, by))) return NOT_NEAR
        const meets = own.near.every(({ by }) => (near.get(by)?.get(labels[by]) ?? 0) > 0)
        // The first of a group that is drawn to its own kind has to lie somewhere.
        const isFirst = near.size === 0 && own.near.every(({ tasks }) => rules.matches(tasks, taskClass))
        if (!meets && !isFirst) return NOT_NEAR
        if (own.apart.some(({ by }) => Object.hasOwn(labels, by) && (apart.get(by)?.get(labels[by]) ?? 0) > 0)) return NOT_APART
        for (const [by, values] of barred) if (Object.hasOwn(labels, by) && (values.get(labels[by]) ?? 0) > 0) return UNWANTED
        return null
      },
    }
  },
  scorer: ({ rules }, { interPodAffinity: { hardPodAffinityWeight, ignorePreferredTermsOfExistingPods } }) => {
    const drawing =
      rules &&
      classesWith(rules, ({ near, preferNear }) => [
        ...(hardPodAffinityWeight > 0 ? near.map((term) => ({ ...term, weight: hardPodAffinityWeight })) : []),
        ...preferNear,
      ])
    const drawnBy = memo((taskClass: number) =>
      rules && drawing ? drawing.filter(({ term }) => rules.matches(term.tasks, taskClass)) : [],
    )
    let sums: Domains = new Map()
    return {
      begin: (taskClass) => {
        sums = new Map()
        if (!rules) return false
        const { preferNear } = rules.classes[taskClass]
        if (preferNear.length === 0 && ignorePreferredTermsOfExistingPods) return false
        if (preferNear.length > 0)
          for (const other of rules.placedClasses)
            for (const term of preferNear)
              if (rules.matches(term.tasks, other))
                for (const [machine, count] of rules.machinesOf(other)) add(sums, rules, machine, term.by, count * term.weight)
        for (const { taskClass: other, term } of drawnBy(taskClass))
          for (const [machine, count] of rules.machinesOf(other)) add(sums, rules, machine, term.by, count * term.weight)
        return sums.size > 0
      },
      score: (_taskClass, machine) => {
        if (!rules) return 0
        const { labels } = rules.machines[machine]
        let sum = 0
        for (const [by, values] of sums) if (Object.hasOwn(labels, by)) sum += values.get(labels[by]) ?? 0
        return sum
      },
      normalise: (score, least, most) => (most === least ? 0 : Math.trunc(100 * ((score - least) / (most - least)))),
    }
  },
}

/** Every class that has such terms, with each of them. */
function classesWith(rules: RulesView, terms: (own: RulesView['classes'][number]) => readonly AffinityTerm[]) {
  return rules.classes.flatMap((own, taskClass) => terms(own).map((term) => ({ taskClass, term })))
}

function memo<T>(make: (taskClass: number) => T): (taskClass: number) => T {
  const known = new Map<number, T>()
  return (taskClass) => {
    const kept = known.get(taskClass)
    if (kept !== undefined) return kept
    const fresh = make(taskClass)
    known.set(taskClass, fresh)
    return fresh
  }
}

/** Adds to the machine's domain of that label, where it has one. */
function add(domains: Domains, rules: RulesView, machine: number, by: string, count: number): void {
  const { labels } = rules.machines[machine]
  if (!Object.hasOwn(labels, by)) return
  let values = domains.get(by)
  if (!values) {
    values = new Map()
    domains.set(by, values)
  }
  values.set(labels[by], (values.get(labels[by]) ?? 0) + count)
}
