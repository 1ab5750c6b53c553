import { basename } from 'node:path'
import { readSchedulerConfig } from '../extender/index.ts'
import { defaultProfile, type KubeProfile, LATEST_MINOR } from '../policies/index.ts'
import { InputError } from '../sim/index.ts'
import { readList } from './read-value.ts'

/** kube-scheduler without any configuration. */
const DEFAULT = 'default'
const OLDEST_MINOR = 34

/**
 * Reads `a.yaml,b.yaml:version=1.34,default`: files of KubeSchedulerConfiguration, each with the version of kube-scheduler and the
 * profile that are meant, as what rows of a table are called and what they do. A file of several profiles gives a row each.
 */
export async function readSchedulers(text: string): Promise<Readonly<Record<string, KubeProfile>>> {
  const found: Record<string, KubeProfile> = {}
  for (const given of readList('--scheduler', text)) {
    const { path, version, profile } = parse(given)
    if (path === DEFAULT) {
      found[given] = { ...defaultProfile, minor: version }
      continue
    }
    const profiles = await readSchedulerConfig(path, version)
    const suffix = given.slice(path.length)
    for (const [name, one] of profiles) {
      if (profile !== undefined && name !== profile) continue
      const label = `${basename(path)}${suffix}${profiles.size > 1 && profile === undefined ? `${suffix ? ',' : ':'}profile=${name}` : ''}`
      if (label in found) throw new InputError(`--scheduler: two files are called so: ${label}`)
      found[label] = one
    }
    if (profile !== undefined && !profiles.has(profile))
      throw new InputError(`--scheduler: no profile ${profile} in ${path} (have ${[...profiles.keys()].join(', ')})`)
  }
  return found
}

function parse(given: string): { readonly path: string; readonly version: number; readonly profile: string | undefined } {
  const settings = /^(.*?)((?::|,)(?:version|profile)=.*)?$/.exec(given) ?? []
  let version = LATEST_MINOR
  let profile: string | undefined
  for (const setting of (settings[2] ?? '').slice(1).split(',')) {
    if (setting === '') continue
    const [key, value = ''] = setting.split('=')
    if (key === 'profile') profile = value
    else if (key === 'version') version = readVersion(given, value)
    else throw new InputError(`--scheduler: ${given}: no such setting: ${key} (have version, profile)`)
  }
  return { path: settings[1] ?? given, version, profile }
}

function readVersion(given: string, text: string): number {
  const minor = Number(/^1\.(\d+)$/.exec(text)?.[1])
  if (!(minor >= OLDEST_MINOR && minor <= LATEST_MINOR))
    throw new InputError(`--scheduler: ${given}: not a version that is known: ${text} (1.${OLDEST_MINOR} to 1.${LATEST_MINOR} would do)`)
  return minor
}
