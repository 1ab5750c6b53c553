import type { Measured } from './measured.ts'
import { placements } from './placements.ts'
import { queue } from './queue.ts'
import { read } from './read.ts'
import { replay } from './replay.ts'

export type Benchmark = (options: never) => Measured | Promise<Measured>

/** What can be measured, by the word that the user types. */
export const benchmarks = { placements, replay, queue, read } satisfies Record<string, Benchmark>

export type OptionsOf<Name extends keyof typeof benchmarks> = Parameters<(typeof benchmarks)[Name]>[0]
