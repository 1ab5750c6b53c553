import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { Comparison, Filling } from '../experiments/index.ts'
import { InputError } from '../sim/index.ts'

const numbers = z.array(z.number())
const counts = z.record(z.string(), z.number())
const combination = { admission: z.string(), packing: z.string(), overcommit: z.string() }
const distribution = z.looseObject({
  count: z.number(),
  censored: z.number(),
  mean: z.number(),
  meanAtLeast: z.number(),
  p50: z.number(),
  p90: z.number(),
  p99: z.number(),
  max: z.number(),
  curve: z.looseObject({ value: numbers, share: numbers }),
})
const result = z.looseObject({
  machines: z.number(),
  jobs: z.number(),
  tasks: z.number(),
  runs: z.number(),
  placed: z.number(),
  neverPlaceable: z.number(),
  neverPlaceableBy: counts,
  pending: z.number(),
  running: z.number(),
  ended: z.looseObject({ finish: z.number(), fail: z.number(), kill: z.number() }),
  admission: z.looseObject({ admitted: z.number(), held: z.number(), rejected: z.number() }),
  rejectedBy: counts,
  evictions: z.record(z.string(), counts),
  workLost: z.number(),
  utilisation: z.record(z.string(), z.looseObject({ allocated: z.number(), peak: z.number(), stranded: z.number() })),
  overfull: z.number(),
  wait: z.record(z.string(), distribution),
  waitAfterEviction: distribution,
  slowdown: distribution,
  makespan: z.number(),
  series: z.looseObject({
    time: numbers,
    allocated: z.record(z.string(), numbers),
    stranded: z.record(z.string(), numbers),
    running: numbers,
    pending: numbers,
    machines: numbers,
  }),
  picture: z.nullable(z.looseObject({ time: numbers, machine: z.array(z.string()), used: z.record(z.string(), z.string()) })),
})
const trial = z.looseObject({ seed: z.number(), machines: z.nullable(z.number()), lowerBound: counts, tasks: z.number() })
const options = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]))
const verdict = z.enum(['better', 'noise', 'equal', 'deterministic'])
const comparison = z.looseObject({
  stowage: z.string(),
  command: z.string(),
  trace: z.looseObject({
    name: z.string(),
    path: z.optional(z.string()),
    format: z.string(),
    resources: z.array(z.looseObject({ name: z.string(), unit: z.string(), scale: z.number() })),
    tiers: z.array(z.string()),
    windowSeconds: z.number(),
    counts,
    skipped: counts,
  }),
  options,
  rows: z.array(
    z.looseObject({
      ...combination,
      tie: z.string(),
      preemption: z.string(),
      seed: z.number(),
      deterministic: z.boolean(),
      result,
      machinesNeeded: z.nullable(trial),
    }),
  ),
  machinesNeeded: z.array(
    z.looseObject({
      ...combination,
      trials: z.array(trial),
      p90: z.nullable(z.number()),
      min: z.nullable(z.number()),
      max: z.nullable(z.number()),
      mean: z.nullable(z.number()),
      lowerBound: z.number(),
    }),
  ),
  contrasts: z.array(
    z.looseObject({
      measure: z.string(),
      best: z.looseObject(combination),
      other: z.looseObject(combination),
      seeds: z.number(),
      difference: z.number(),
      interval: z.nullable(z.tuple([z.number(), z.number()])),
      p: z.nullable(z.number()),
      holm: z.nullable(z.number()),
      verdict,
    }),
  ),
})

const filling = z.looseObject({
  stowage: z.string(),
  command: z.literal('fill'),
  trace: z.looseObject({
    path: z.string(),
    format: z.string(),
    machines: z.number(),
    resource: z.string(),
    capacity: z.number(),
    lists: z.array(z.looseObject({ name: z.string(), tasks: z.number() })),
  }),
  options,
  percents: numbers,
  causes: z.array(z.string()),
  runs: z.array(
    z.looseObject({
      list: z.string(),
      packing: z.string(),
      tie: z.string(),
      seed: z.number(),
      curve: z.looseObject({
        allocated: numbers,
        fragmentationRatio: numbers,
        fragmentation: numbers,
        byCause: z.array(numbers),
        failed: numbers,
      }),
    }),
  ),
  contrasts: z.array(
    z.looseObject({
      list: z.string(),
      tie: z.string(),
      percent: z.number(),
      best: z.string(),
      other: z.string(),
      difference: z.number(),
      interval: z.nullable(z.tuple([z.number(), z.number()])),
      holm: z.nullable(z.number()),
      verdict,
    }),
  ),
})

/** What an earlier run left in a folder, or in that very file. */
export async function readResults(path: string): Promise<Comparison | Filling> {
  const file = (await isFolder(path)) ? join(path, 'results.json') : path
  const found = parse(await read(file), file)
  const isFill = typeof found === 'object' && found !== null && 'command' in found && found.command === 'fill'
  const parsed = (isFill ? filling : comparison).safeParse(found)
  // Not `parsed.data`, whose keys are in the order of the schema: written again, the file is to have the same bytes.
  if (parsed.success) return found as Comparison | Filling
  const [issue] = parsed.error.issues
  throw new InputError(
    `${file}: not the results of a stowage run: ${issue?.path.join('.') || 'the whole file'}: ${issue?.message ?? 'wrong'}; run the comparison again`,
  )
}

/** Whether results are of a fill, and not of a comparison. */
export const isFilling = (results: Comparison | Filling): results is Filling => results.command === 'fill'

const isFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  )

async function read(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT'
    throw new InputError(
      missing
        ? `no results in ${file}: give the folder that a run was written to`
        : `cannot read ${file}: ${error instanceof Error ? error.message : error}`,
      { cause: error },
    )
  }
}

function parse(text: string, file: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new InputError(`${file}: not whole JSON (${text.length} characters): run the comparison again`, { cause: error })
  }
}
