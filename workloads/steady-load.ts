import type { Profile } from './profile.ts'
import { runTimeSampler } from './run-time-sampler.ts'

type Arriving = Pick<Profile, 'classes' | 'jobs' | 'epoch' | 'runTimes' | 'tail' | 'reruns' | 'size'>

/** Jobs of a deck. */
export function deckSize({ jobs }: Pick<Profile, 'jobs'>): number {
  return jobs.count.reduce((sum, count) => sum + count, 0)
}

/** Mean jobs a microsecond in the whole cell. */
function jobRate({ epoch }: Pick<Profile, 'epoch'>): number {
  return epoch.jobs.reduce((sum, count) => sum + count, 0) / epoch.jobs.length / epoch.length
}

/**
 * By kind of job: how many tasks of it are alive on average in the whole cell, had nobody waited (Little's law; a task
 * that comes back counts for as long again).
 */
export function aliveByKind(profile: Arriving): number[] {
  const { jobs, runTimes, reruns } = profile
  const deckRate = jobRate(profile) / deckSize(profile)
  const held = runTimes.map((figures) => {
    const [finish, fail, kill] = figures.ends
    const again = finish * reruns.finish.share + fail * reruns.fail.share + kill * reruns.kill.share
    const never = figures.survival[figures.survival.length - 1]
    return runTimeSampler(figures, profile.tail).mean / (1 - again * (1 - never))
  })
  return jobs.count.map((count, kind) => count * jobs.size[kind] * deckRate * held[jobs.runTime[kind]])
}

/** What tasks so counted by kind of job request, in the units of `resource`, of the tiers that pass. */
export function requestedBy(
  profile: Arriving,
  alive: readonly number[],
  resource: number,
  ofTier: (tier: number) => boolean = () => true,
): number {
  const { classes, jobs } = profile
  return alive.reduce((sum, tasks, kind) => {
    const row = jobs.class[kind]
    return ofTier(classes.tier[row]) ? sum + tasks * classes.request[resource][row] : sum
  }, 0)
}
