import { existsSync } from 'node:fs'
import { InputError } from '../sim/index.ts'
import { type GenerateOptions, isProfileName, type ProfileName } from '../workloads/index.ts'

const SETTINGS = ['machines', 'days', 'load', 'target'] as const

/**
 * Reads `google-2011` or `google-2011:machines=400,days=0.5` as a built-in profile. Undefined for anything else, and for what
 * exists as a file or folder.
 */
export function readProfile(text: string): { readonly profile: ProfileName; readonly options: GenerateOptions } | undefined {
  const [name, ...rest] = text.split(':')
  if (!isProfileName(name) || existsSync(text)) return undefined
  const options: Record<string, number> = {}
  for (const setting of rest.join(':').split(',')) {
    if (setting === '' && rest.length === 0) continue
    const [key, value = ''] = setting.split('=')
    if (!SETTINGS.some((known) => known === key))
      throw new InputError(`${text}: no such setting: ${key || '(empty)'} (have ${SETTINGS.join(', ')})`)
    if (value.trim() === '' || !Number.isFinite(Number(value)))
      throw new InputError(`${text}: ${key} must be a number: ${value || '(empty)'}`)
    options[key] = Number(value)
  }
  return { profile: name, options }
}
