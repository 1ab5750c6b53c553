import { InputError } from '../sim/index.ts'
import type { Profile } from './profile.ts'
import google2011 from './profiles/google-2011.json' with { type: 'json' }
import openb from './profiles/openb.json' with { type: 'json' }

/** The built-in workloads, by the word that the user types. */
export const profiles = { 'google-2011': google2011, openb } satisfies Record<string, Profile>

export type ProfileName = keyof typeof profiles

export const isProfileName = (name: string): name is ProfileName => Object.hasOwn(profiles, name)

/** Throws InputError on a name that is none. */
export function profileNamed(name: string): Profile {
  if (!isProfileName(name)) throw new InputError(`unknown profile: ${name} (have ${Object.keys(profiles).join(', ')})`)
  return profiles[name]
}
