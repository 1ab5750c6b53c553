import { type MixRow, mixOf } from '../extender/index.ts'
import { generateTrace, openTrace } from '../workloads/index.ts'
import { readProfile } from './read-profile.ts'

/** The work to come that `--mix` names: a trace, or a built-in profile. */
export async function readMix(text: string, tasksFile?: string): Promise<readonly MixRow[]> {
  const profile = readProfile(text)
  return mixOf(profile ? generateTrace(profile.profile, profile.options) : await openTrace(text, { tasksFile }))
}
