import type { CellSight, RulesView, SpreadRule } from '../../../sim/index.ts'
import { perEpoch } from '../per-epoch.ts'
import type { KubePlugin } from '../plugin.ts'
import { HOSTNAME, type KubeProfile } from '../profile.ts'
import { selects } from '../selects.ts'
import { toleratesAll } from '../tolerates.ts'

const TOO_UNEVEN = { why: "node(s) didn't match pod topology spread constraints", mayOpen: true }
const NO_LABEL = { why: "node(s) didn't match pod topology spread constraints (missing required label)", mayOpen: false }

/** Keeps tasks from lying too unevenly over the domains of a label, by rule or by preference. */
export const podTopologySpread: KubePlugin = {
  name: 'PodTopologySpread',
  weight: 2,
  filter: (view, profile) => {
    const { rules } = view
    const hard = rulesOf(view, profile, true)
    const domains = perEpoch(view.epoch, (taskClass) => hard(taskClass).map((rule) => countDomains(view, taskClass, rule, hard(taskClass))))
    return {
      isWide: (taskClass) => hard(taskClass).length > 0,
      refuse: (taskClass, machine) => {
        const own = hard(taskClass)
        if (!rules || own.length === 0) return null
        const counts = domains(taskClass)
        for (const [i, { by, tasks, maxSkew, minDomains }] of own.entries()) {
          const { labels } = rules.machines[machine]
          if (!Object.hasOwn(labels, by)) return NO_LABEL
          const itself = rules.matches(tasks, taskClass) ? 1 : 0
          const { count, least } = counts[i]
          const floor = count.size < minDomains ? 0 : least
          if ((count.get(labels[by]) ?? 0) + itself - floor > maxSkew) return TOO_UNEVEN
        }
        return null
      },
    }
  },
  scorer: (view, profile) => {
    const soft = rulesOf(view, profile, false)
    let weights: readonly number[] = []
    let counts: readonly ReadonlyMap<string, number>[] = []
    let ignored: (machine: number) => boolean = () => false
    return {
      begin: (taskClass, machines, count) => {
        const { rules } = view
        const own = soft(taskClass)
        if (!rules || own.length === 0) return false
        const needsAll = profile.defaultSpreadNeedsLabels || !rules.classes[taskClass].defaultSpread
        const lacks = (machine: number) => own.some(({ by }) => !Object.hasOwn(rules.machines[machine].labels, by))
        ignored = (machine) => needsAll && lacks(machine)
        const heeded = machines.subarray(0, count).filter((machine) => !ignored(machine))
        const among = own.map(({ by }) => new Set(Array.from(heeded, (machine) => domainOf(rules, machine, by))))
        weights = own.map(({ by }, i) => Math.log((by === HOSTNAME ? heeded.length : among[i].size) + 2))
        counts = own.map((rule, i) => countAmong(view, taskClass, rule, among[i], ignored))
        return true
      },
      score: (taskClass, machine) => {
        const { rules } = view
        if (!rules || ignored(machine)) return Number.NaN
        let sum = 0
        for (const [i, { by, tasks, maxSkew }] of soft(taskClass).entries()) {
          const { labels } = rules.machines[machine]
          if (!Object.hasOwn(labels, by)) continue
          const count = by === HOSTNAME ? countOn(rules, machine, tasks) : (counts[i].get(labels[by]) ?? 0)
          sum += count * weights[i] + (maxSkew - 1)
        }
        return Math.round(sum)
      },
      normalise: (score, least, most) => (most === 0 ? 100 : Math.trunc((100 * (most + least - score)) / most)),
    }
  },
}

/** The rules of a class that must hold, or would rather: its own, or the profile's defaults for what some service selects. */
function rulesOf({ rules }: CellSight, { defaultSpread }: KubeProfile, isHard: boolean): (taskClass: number) => readonly SpreadRule[] {
  const known = new Map<number, readonly SpreadRule[]>()
  return (taskClass) => {
    const kept = known.get(taskClass)
    if (kept) return kept
    const own = rules?.classes[taskClass]
    const found = !own
      ? []
      : own.defaultSpread
        ? defaultSpread.filter(({ hard }) => hard === isHard).map(({ by, maxSkew }) => ({ ...own.preferSpread[0], by, maxSkew }))
        : isHard
          ? own.spread
          : own.preferSpread
    known.set(taskClass, found)
    return found
  }
}

/** Whether the machine's domain counts for this rule. */
function isEligible(rules: RulesView, taskClass: number, machine: number, { heedsAffinity, heedsTaints }: SpreadRule): boolean {
  if (heedsAffinity && !selects(rules, taskClass, machine)) return false
  return !heedsTaints || toleratesAll(rules.classes[taskClass].tolerations, rules.machines[machine].taints)
}

/** Tasks that match in each domain, over the machines with the labels of all the rules. */
function countDomains(view: CellSight, taskClass: number, rule: SpreadRule, all: readonly SpreadRule[]) {
  const count = new Map<string, number>()
  const { rules, machines } = view
  if (!rules) return { count, least: 0 }
  for (let machine = 0; machine < machines.count; machine++) {
    const { labels } = rules.machines[machine]
    if (!machines.present[machine] || all.some(({ by }) => !Object.hasOwn(labels, by))) continue
    if (!isEligible(rules, taskClass, machine, rule)) continue
    count.set(labels[rule.by], (count.get(labels[rule.by]) ?? 0) + countOn(rules, machine, rule.tasks))
  }
  return { count, least: Math.min(...count.values()) }
}

function countAmong(
  view: CellSight,
  taskClass: number,
  rule: SpreadRule,
  among: ReadonlySet<string>,
  ignored: (machine: number) => boolean,
) {
  const count = new Map<string, number>()
  const { rules, machines } = view
  if (!rules || rule.by === HOSTNAME) return count
  for (let machine = 0; machine < machines.count; machine++) {
    if (!machines.present[machine] || ignored(machine) || !isEligible(rules, taskClass, machine, rule)) continue
    const domain = domainOf(rules, machine, rule.by)
    if (among.has(domain)) count.set(domain, (count.get(domain) ?? 0) + countOn(rules, machine, rule.tasks))
  }
  return count
}

/** Tasks on the machine that match and stay. */
function countOn(rules: RulesView, machine: number, tasks: SpreadRule['tasks']): number {
  let sum = 0
  for (const [other, count] of rules.classesOn(machine)) if (rules.matches(tasks, other) && !rules.classes[other].leaving) sum += count
  return sum
}

/** Machines without the label are a domain together. */
function domainOf(rules: RulesView, machine: number, by: string): string {
  const { labels } = rules.machines[machine]
  return Object.hasOwn(labels, by) ? labels[by] : ''
}
