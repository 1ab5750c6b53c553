import { kaplanMeier } from './kaplan-meier.ts'
import type { ObservedJob } from './observe-jobs.ts'
import type { RunTimeFigures } from './profile.ts'

/** A class with this many runs, and this share of them seen to end, has a curve of its own. */
const OWN_RUNS = 100
const OWN_ENDED = 0.3
/** A knot for each hundredth that ends: the curve is never further off than that. */
const STEP = 0.01
const SHORTEST_WATCH = 60e6
/** With fewer ends than this, a curve has its tier's shares of them. */
const OWN_ENDS = 30

export interface FittedRunTimes {
  readonly figures: readonly RunTimeFigures[]
  /** The curve of each job. */
  readonly of: readonly number[]
}

/** Survival curves of run times: one for each class that has enough runs, and for the rest one for each tier and size of job. */
export function fitRunTimes(jobs: readonly ObservedJob[], classOf: readonly number[], tiers: readonly string[]): FittedRunTimes {
  const byClass = Map.groupBy(jobs.keys(), (job) => classOf[job])
  const hasOwn = new Set<number>()
  for (const [row, members] of byClass) {
    const ended = members.flatMap((job) => jobs[job].ended)
    if (ended.length >= OWN_RUNS && ended.filter((end) => end >= 0).length >= OWN_ENDED * ended.length) hasOwn.add(row)
  }
  const name = (job: number) => (hasOwn.has(classOf[job]) ? `class ${classOf[job]}` : `${tiers[jobs[job].tier]}, ${band(jobs[job].size)}`)
  const groups = Map.groupBy(jobs.keys(), name)
  const names = [...groups.keys()].sort()
  const figures = names.map((of) => {
    const members = (groups.get(of) ?? []).map((job) => jobs[job])
    const tier = members[0].tier
    const watched = members.some((job) => job.watched.length > 0) ? members : jobs.filter((job) => job.tier === tier)
    return {
      of,
      ...curve(watched),
      ends: endShares(
        watched,
        jobs.filter((job) => job.tier === tier),
      ),
    }
  })
  return { figures, of: Array.from(jobs.keys(), (job) => names.indexOf(name(job))) }
}

function band(size: number): string {
  if (size === 1) return 'jobs of 1 task'
  if (size < 10) return 'jobs of 2 to 9 tasks'
  return size < 100 ? 'jobs of 10 to 99 tasks' : 'jobs of 100 tasks and more'
}

function curve(jobs: readonly ObservedJob[]) {
  const watched = jobs.flatMap((job) => job.watched)
  const ended = jobs.flatMap((job) => job.ended.map((end) => end >= 0))
  const km = kaplanMeier(watched, ended)
  const time = [0]
  const survival = [1]
  const knot = (at: number, share: number) => {
    if (at <= time[time.length - 1]) return
    time.push(at)
    survival.push(Number(share.toFixed(5)))
  }
  for (let i = 0; i < km.time.length; i++) {
    const before = i === 0 ? 1 : km.survival[i - 1]
    const isDrop = i === 0 || before - km.survival[i] >= STEP
    if (isDrop) knot(km.time[i] - 1, before)
    if (isDrop || survival[survival.length - 1] - km.survival[i] >= STEP || i === km.time.length - 1) knot(km.time[i], km.survival[i])
  }
  knot(Math.max(km.watched, SHORTEST_WATCH), survival[survival.length - 1])
  return { runs: watched.length, ended: ended.filter(Boolean).length, time, survival }
}

function endShares(jobs: readonly ObservedJob[], fallback: readonly ObservedJob[]): number[] {
  const count = (from: readonly ObservedJob[]) =>
    [0, 1, 2].map((kind) => from.flatMap((job) => job.ended.filter((end) => end === kind)).length)
  const own = count(jobs)
  const sum = (counts: readonly number[]) => counts.reduce((total, n) => total + n, 0)
  const used = sum(own) >= OWN_ENDS ? own : count(fallback)
  const total = sum(used)
  return total === 0 ? [1, 0, 0] : used.map((n) => Number((n / total).toFixed(5)))
}
