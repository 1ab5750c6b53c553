import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { fitGoogle2011 } from '../../workloads/fit-google-2011.ts'
import { fitOpenb } from '../../workloads/fit-openb.ts'
import { compareProfile, openTrace, type Profile, type ProfileName } from '../../workloads/index.ts'
import { realTrace } from './real-trace.ts'

const SEEDS = [1, 2, 3, 4, 5]
const FURTHEST = 0.05
const sources: readonly (readonly [ProfileName, string, (...from: Parameters<typeof fitGoogle2011>) => Profile | Promise<Profile>])[] = [
  ['google-2011', 'google-2011', fitGoogle2011],
  ['openb', 'alibaba-gpu-v2023', fitOpenb],
]

for (const [name, folder, fit] of sources) {
  const { path, skip } = realTrace(folder)

  test(`what ${name} generates is within ${FURTHEST} of the real trace in every marginal and correlation, for every seed`, {
    skip,
  }, async () => {
    const trace = await openTrace(path)
    for (const seed of SEEDS) {
      const { distances, drifts } = compareProfile(name, trace, { seed })
      for (const [marginal, distance] of [...Object.entries(distances), ...Object.entries(drifts)]) {
        assert.ok(Math.abs(distance) <= FURTHEST, `${marginal}: ${distance} with seed ${seed}`)
      }
    }
  })

  test(`the ${name} profile is what its command fits`, { skip }, async () => {
    const fitted = await fit(await openTrace(path), path)
    const stored = JSON.parse(await readFile(new URL(`../../workloads/profiles/${name}.json`, import.meta.url), 'utf8'))
    assert.deepEqual(JSON.parse(JSON.stringify(fitted)), stored)
  })
}
