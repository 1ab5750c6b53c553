import { holds } from './label-query.ts'
import type { RulesView } from './policy.ts'
import type { ClassRules, LabelCondition, Labels, MachineTraits, TaskQuery } from './rules.ts'

/** Who is placed where, by class: what rules beyond room read. Kept only where a trace has such rules. */
export class Census implements RulesView {
  readonly ids: readonly string[]
  readonly machines: readonly MachineTraits[]
  readonly classes: readonly ClassRules[]
  private readonly on: readonly Map<number, number>[]
  private readonly of: readonly Map<number, number>[]
  private readonly placed = new Set<number>()
  private readonly matched = new WeakMap<TaskQuery, Int8Array>()

  constructor(ids: readonly string[], machines: readonly MachineTraits[], classes: readonly ClassRules[]) {
    this.ids = ids
    this.machines = machines
    this.classes = classes
    this.on = machines.map(() => new Map())
    this.of = classes.map(() => new Map())
  }

  count(taskClass: number, machine: number, sign: 1 | -1): void {
    add(this.on[machine], taskClass, sign)
    add(this.of[taskClass], machine, sign)
    if (this.of[taskClass].size === 0) this.placed.delete(taskClass)
    else this.placed.add(taskClass)
  }

  get placedClasses(): ReadonlySet<number> {
    return this.placed
  }

  classesOn(machine: number): ReadonlyMap<number, number> {
    return this.on[machine]
  }

  machinesOf(taskClass: number): ReadonlyMap<number, number> {
    return this.of[taskClass]
  }

  matches(query: TaskQuery, taskClass: number): boolean {
    let known = this.matched.get(query)
    if (!known) {
      known = new Int8Array(this.classes.length)
      this.matched.set(query, known)
    }
    if (known[taskClass] === 0) known[taskClass] = this.isMatch(query, this.classes[taskClass]) ? 1 : -1
    return known[taskClass] > 0
  }

  holds(conditions: readonly LabelCondition[], labels: Labels): boolean {
    return holds(conditions, labels)
  }

  private isMatch({ spaces, labels }: TaskQuery, rules: ClassRules): boolean {
    return labels !== null && (spaces === 'every' || spaces.includes(rules.space)) && holds(labels, rules.labels)
  }
}

/** Those that come to 0 go. */
function add(counts: Map<number, number>, key: number, sign: 1 | -1): void {
  const count = (counts.get(key) ?? 0) + sign
  if (count === 0) counts.delete(key)
  else counts.set(key, count)
}
