import { InputError, type PackingPolicy, type ParameterValues } from '../sim/index.ts'
import { type NamedPolicy, parsePolicy } from './parse-policy.ts'

/**
 * Reads a packing policy: `name`, `name:key=value,…`, or a weighted sum of such, `fgd:0.9+power:0.1`, where a weight that is not
 * given is 1. Each policy is truncated and normalised by itself before it is weighed, as kube-scheduler does.
 * @throws InputError as `parsePolicy` does, and for a weight that is not a number above 0.
 */
export function parseWeightedSum(registry: Readonly<Record<string, PackingPolicy>>, text: string): NamedPolicy<PackingPolicy> {
  if (!text.includes('+')) return parsePolicy('packing', registry, text)
  const terms = text.split('+').map((term) => {
    const [, named, weight] = /^(.*?)(?::([^:=]*))?$/.exec(term) ?? [term, term]
    if (weight !== undefined && !(Number(weight) > 0 && Number.isFinite(Number(weight))))
      throw new InputError(`${text}: not a weight above 0: ${weight || '(empty)'}`)
    return { weight: Number(weight ?? 1), ...parsePolicy('packing', registry, named) }
  })
  return { name: text, policy: weightedSum(terms), parameters: {} }
}

interface WeightedPolicy {
  readonly weight: number
  readonly policy: PackingPolicy
  readonly parameters: ParameterValues
}

function weightedSum(weighted: readonly WeightedPolicy[]): PackingPolicy {
  return {
    sentence: weighted.map(({ weight, policy }) => `${weight} × ${policy.sentence}`).join(' '),
    source: weighted.map(({ policy }) => policy.source).join('; '),
    ...(weighted.some(({ policy }) => policy.ties === 'random') && { ties: 'random' }),
    create: (cell) => {
      const terms = weighted.map(({ weight, policy, parameters }) => ({ weight, packing: policy.create(cell, parameters) }))
      // The first of them that chooses devices chooses for all.
      const chooser = terms.find(({ packing }) => packing.device)?.packing
      return {
        terms,
        score: (taskClass, machine) => terms.reduce((sum, { weight, packing }) => sum + weight * packing.score(taskClass, machine), 0),
        ...(chooser?.device && { device: chooser.device }),
      }
    },
  }
}
