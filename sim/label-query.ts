import type { LabelCondition, Labels } from './rules.ts'

/** Whether all conditions hold for these labels. Kubernetes' rules: `not-in` also holds where the label is absent, `above` and `below` need whole numbers. */
export function holds(conditions: readonly LabelCondition[], labels: Labels): boolean {
  return conditions.every((condition) => holdsOne(condition, labels))
}

function holdsOne({ key, operator, values }: LabelCondition, labels: Labels): boolean {
  const has = Object.hasOwn(labels, key)
  const value = has ? labels[key] : ''
  if (operator === 'exists') return has
  if (operator === 'absent') return !has
  if (operator === 'in') return has && values.includes(value)
  if (operator === 'not-in') return !has || !values.includes(value)
  const [mine, bound] = [wholeNumber(value), wholeNumber(values[0] ?? '')]
  if (!has || mine === null || bound === null) return false
  return operator === 'above' ? mine > bound : mine < bound
}

/** Exact for any length, as two labels may differ beyond 2^53. */
function wholeNumber(text: string): bigint | null {
  return /^[+-]?\d+$/.test(text) ? BigInt(text.replace(/^\+/, '')) : null
}
