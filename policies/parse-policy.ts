import { closest, distance } from 'fastest-levenshtein'
import { InputError, type Parameter, type ParameterTable, type ParameterValues } from '../sim/index.ts'

export interface NamedPolicy<Policy> {
  /** As typed, parameters included: what reports and results call it. */
  readonly name: string
  readonly policy: Policy
  readonly parameters: ParameterValues
}

/**
 * Reads `name` or `name:key=value,…` against a registry. An unknown name lists those that exist and suggests a near one.
 * @throws InputError for an unknown policy or parameter, or a value that is not of the parameter's type.
 */
export function parsePolicy<Policy extends { readonly parameters?: ParameterTable }>(
  kind: string,
  registry: Readonly<Record<string, Policy>>,
  text: string,
): NamedPolicy<Policy> {
  const colon = text.indexOf(':')
  const name = colon < 0 ? text : text.slice(0, colon)
  if (!Object.hasOwn(registry, name))
    throw new InputError(`unknown ${kind} policy: ${name || '(empty)'}${oneOf(name, Object.keys(registry))}`)
  const policy = registry[name]
  const table = policy.parameters ?? {}
  const values: Record<string, number | string> = Object.fromEntries(
    Object.entries(table).map(([key, parameter]) => [key, parameter.default]),
  )
  const set = new Set<string>()
  for (const setting of colon < 0 ? [] : text.slice(colon + 1).split(',')) {
    const [key, value, ...rest] = setting.split('=')
    if (value === undefined || value.trim() === '' || rest.length > 0) {
      throw new InputError(`${text}: not a parameter: ${setting || '(empty)'} (write ${name}:key=value,…)`)
    }
    if (!Object.hasOwn(table, key)) throw new InputError(`${text}: ${name} has no parameter ${key}${oneOf(key, Object.keys(table))}`)
    if (set.has(key)) throw new InputError(`${text}: ${key} is given twice`)
    set.add(key)
    values[key] = typeof table[key].default === 'number' ? number(text, key, value, table[key]) : word(text, key, value, table[key])
  }
  return { name: text, policy, parameters: values }
}

function number(text: string, key: string, value: string, { least = Number.NEGATIVE_INFINITY }: Parameter): number {
  const parsed = Number(value)
  if (!Number.isFinite(parsed)) throw new InputError(`${text}: ${key} must be a number: ${value}`)
  if (parsed < least) throw new InputError(`${text}: ${key} must be at least ${least}: ${value}`)
  return parsed
}

function word(text: string, key: string, value: string, { choices }: Parameter): string {
  if (choices && !choices.includes(value)) throw new InputError(`${text}: unknown ${key}: ${value}${oneOf(value, choices)}`)
  return value
}

function oneOf(word: string, known: readonly string[]): string {
  if (known.length === 0) return ' (it has none)'
  const near = closest(word, [...known])
  return distance(word, near) <= 2 ? `. Did you mean ${near}? (have ${known.join(', ')})` : ` (have ${known.join(', ')})`
}
