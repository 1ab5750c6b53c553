import { InputError } from '../sim/index.ts'
import { drawArrivals } from './draw-arrivals.ts'
import { drawMachines } from './draw-machines.ts'
import { drawOpening } from './draw-opening.ts'
import { fitJobsToCell } from './fit-jobs-to-cell.ts'
import type { GeneratedRun } from './generated-run.ts'
import type { Profile, ShapeCount } from './profile.ts'
import { type ProfileName, profileNamed } from './profiles.ts'

const DAY = 86_400e6

export interface GenerateOptions {
  /** Machines in the cell; what arrives goes up and down with them. Default: as many as the source had. */
  readonly machines?: number
  /** Length of the window; it opens at time 0. Default 1. */
  readonly days?: number
  readonly seed?: number
  /** Times the source's arrivals, 1 by default; the base gives way, so that `target` stays. */
  readonly load?: number
  /** The share of the cell that base and arrivals together request on average, or 0 for no base. Default: the profile's. */
  readonly target?: number
}

export interface Generated {
  readonly profile: Profile
  readonly machines: readonly ShapeCount[]
  /** The window's end; it opens at 0. */
  readonly end: number
  /** Every run, by its task's arrival; can be gone through again, with the same runs. */
  runs(): Generator<Readonly<GeneratedRun>, void, undefined>
}

/**
 * A synthetic workload, drawn as it is read: what is held is one epoch of jobs (84 minutes of google-2011), not the trace. The same
 * profile, options and seed give the same runs. Throws InputError on an unknown profile or an option out of range.
 */
export function generate(name: ProfileName | Profile, options: GenerateOptions = {}): Generated {
  const profile = typeof name === 'string' ? profileNamed(name) : name
  const { machines: count = profile.size, days = 1, seed = 1, load = 1, target = profile.base.target } = options
  if (!Number.isInteger(count) || count < 1) throw new InputError(`machines: ${count} (a whole number of at least 1)`)
  if (!(days > 0 && days <= 3650)) throw new InputError(`days: ${days} (more than 0, at most 3650)`)
  if (!(load >= 0 && load <= 10_000)) throw new InputError(`load: ${load} (from 0 to 10000)`)
  if (!(target >= 0 && target <= 2)) throw new InputError(`target: ${target} (a share, from 0 to 2)`)
  const machines = drawMachines(profile, count, seed)
  const end = Math.round(days * DAY)
  const cell = { profile, jobs: fitJobsToCell(profile, machines), machines, end, seed, rate: (load * count) / profile.size, target }
  return {
    profile,
    machines,
    end,
    *runs() {
      const run: GeneratedRun = { time: 0, job: -1, index: 0, class: 0, user: 0, runTime: 0, end: 0, again: false, preplaced: true }
      yield* drawOpening(cell, run)
      yield* drawArrivals(cell, run)
    },
  }
}
