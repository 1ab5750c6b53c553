import { InputError, type LabelCondition, type LabelQuery, type MachineTerm } from '../../sim/index.ts'
import type { LabelSelector, NodeSelectorTerm, Requirement } from './objects.ts'

const OPERATORS: Readonly<Record<string, LabelCondition['operator']>> = {
  In: 'in',
  NotIn: 'not-in',
  Exists: 'exists',
  DoesNotExist: 'absent',
  Gt: 'above',
  Lt: 'below',
}

function requirements(given: readonly Requirement[] | undefined, owner: string): readonly LabelCondition[] {
  return (given ?? []).map(({ key = '', operator = '', values = [] }) => {
    if (!Object.hasOwn(OPERATORS, operator))
      throw new InputError(`${owner}: unknown operator: ${operator || '(none)'} (have ${Object.keys(OPERATORS).join(', ')})`)
    return { key, operator: OPERATORS[operator], values: values.map(String) }
  })
}

/** Each label as a condition. */
export function allOf(labels: Readonly<Record<string, string>> | undefined): readonly LabelCondition[] {
  return Object.entries(labels ?? {}).map(([key, value]) => ({ key, operator: 'in', values: [String(value)] }))
}

/** A selector that is not there selects nothing, an empty one everything. */
export function labelQuery(selector: LabelSelector | null | undefined, owner: string): LabelQuery {
  if (selector === null || selector === undefined) return null
  return [...allOf(selector.matchLabels), ...requirements(selector.matchExpressions, owner)]
}

export function machineTerm(term: NodeSelectorTerm | undefined, owner: string): MachineTerm {
  return { labels: requirements(term?.matchExpressions, owner), ids: requirements(term?.matchFields, owner) }
}
