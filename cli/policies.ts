import { Command } from 'commander'
import pico from 'picocolors'
import { admissionPolicies, overcommitPolicies, packingPolicies } from '../policies/index.ts'
import type { ParameterTable } from '../sim/index.ts'

interface Described {
  readonly sentence: string
  readonly source: string
  readonly parameters?: ParameterTable
}

/** `stowage policies`: every policy, its sentence, its source and its parameters. */
export function policiesCommand(): Command {
  return new Command('policies').description('list every policy, its sentence and its parameters').action(() => {
    const kinds: readonly (readonly [string, Readonly<Record<string, Described>>])[] = [
      ['packing', packingPolicies],
      ['admission', admissionPolicies],
      ['overcommit', overcommitPolicies],
    ]
    process.stdout.write(
      kinds.map(([kind, registry]) => `${pico.bold(`--${kind}`)}\n${Object.entries(registry).map(describe).join('')}`).join('\n'),
    )
  })
}

function describe([name, { sentence, source, parameters = {} }]: readonly [string, Described]): string {
  const settings = Object.entries(parameters).map(([key, { default: value, meaning }]) => `      ${key}=${value}  ${meaning}\n`)
  return `  ${pico.green(name)}  ${sentence}\n      source: ${source}\n${settings.join('')}`
}
