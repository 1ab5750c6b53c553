import type { Comparison } from '../../experiments/index.ts'
import { picturedResources } from '../decode-picture.ts'
import { type Ranked, ranking } from '../ranking.ts'
import { resourceName } from '../resource-name.ts'
import { ABSENT, OVERFULL, USE_RAMP } from '../theme.ts'
import { thin } from '../thin.ts'
import { usedResources } from '../used-resources.ts'

/** Base64 of more than this would make the page slow to open and to mail. */
const MOST_CHARACTERS = 1_800_000

/** What the page's picture of the cell is drawn from. */
export interface Pictures {
  readonly hours: readonly number[]
  readonly machine: readonly string[]
  readonly resources: readonly { readonly name: string; readonly label: string }[]
  readonly policies: readonly { readonly label: string; readonly used: Readonly<Record<string, string>> }[]
  /** The colours from an empty machine to a full one, of one above its capacity, and of one that is not there. */
  readonly ramp: readonly string[]
  readonly overfull: string
  readonly absent: string
  /** What was left out to keep the page small; empty where nothing was. */
  readonly note: string
}

/** The pictures that fit the page: of a very large cell only the best, next and worst combination, at fewer instants. */
export function pictures(comparison: Comparison): Pictures | null {
  const all = ranking(comparison).filter(({ rows }) => rows[0].result.picture !== null)
  const first = all[0]?.rows[0].result.picture
  if (first == null || first.machine.length === 0 || first.time.length === 0) return null
  const resources = picturedResources(first, usedResources(comparison))
  const each = Math.ceil((first.machine.length * resources.length * 4) / 3)
  const tooMany = all.length > 3 && each * all.length * first.time.length > MOST_CHARACTERS
  const kept = tooMany ? [...all.slice(0, 2), ...all.slice(-1)] : all
  const instants = thin(first.time.length, Math.max(2, Math.floor(MOST_CHARACTERS / Math.max(1, each * kept.length))))
  const left = [
    ...(tooMany ? ['the best, the next and the worst policy'] : []),
    ...(instants.length < first.time.length ? [`${instants.length} of ${first.time.length} instants`] : []),
  ]
  return {
    hours: instants.map((i) => Math.round((first.time[i] ?? 0) / 360) / 10),
    machine: first.machine,
    resources: resources.map((name) => ({ name, label: resourceName(name) })),
    policies: kept.map((entry) => ({
      label: entry.label,
      used: Object.fromEntries(resources.map((name) => [name, atInstants(entry, name, instants)])),
    })),
    ramp: USE_RAMP,
    overfull: OVERFULL,
    absent: ABSENT,
    note: left.length === 0 ? '' : `To keep this page small it holds ${left.join(' at ')}; results.json has the rest.`,
  }
}

function atInstants({ rows }: Ranked, resource: string, instants: readonly number[]): string {
  const picture = rows[0].result.picture
  const text = picture?.used[resource] ?? ''
  if (picture === null || instants.length === picture.time.length) return text
  const bytes = Buffer.from(text, 'base64')
  const machines = picture.machine.length
  return Buffer.concat(instants.map((i) => bytes.subarray(i * machines, (i + 1) * machines))).toString('base64')
}
