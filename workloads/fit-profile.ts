import { ENDS, NONE, type Trace } from '../sim/index.ts'
import { fitRunTimes } from './fit-run-times.ts'
import { observeJobs } from './observe-jobs.ts'
import type { ClassFigures, DeckFigures, Profile, RerunFigures, ShapeCount } from './profile.ts'

/** What every source is asked for; the rest of a profile is the source's own fitting. */
export type FittedFigures = Pick<
  Profile,
  'size' | 'resources' | 'tiers' | 'machines' | 'classes' | 'gaps' | 'runTimes' | 'reruns' | 'users'
> & { readonly kinds: readonly JobKind[] }

/** One observed job as a card of the deck. */
export interface JobKind {
  readonly class: number
  readonly size: number
  readonly runTime: number
  readonly user: number
}

/** Fits what a trace shows of the jobs that arrive in its window: shapes, classes, sizes, gaps, run times, ends and reruns. */
export function fitProfile(trace: Trace): FittedFigures {
  const jobs = observeJobs(trace)
  const { classes, rowOf } = fitClasses(trace, new Set(jobs.map((job) => job.arrival)))
  const classOf = jobs.map((job) => rowOf[job.class])
  const runTimes = fitRunTimes(jobs, classOf, trace.tiers)
  const userRank = rank(jobs.map((job) => job.user))
  const arrivals = jobs.map((job) => job.arrival)
  return {
    size: trace.machines.count,
    resources: trace.resources.map(({ name, unit, scale }) => ({ name, unit, scale })),
    tiers: trace.tiers,
    machines: fitShapes(trace),
    classes,
    gaps: arrivals
      .slice(1)
      .map((time, i) => time - arrivals[i])
      .sort((a, b) => a - b),
    runTimes: runTimes.figures,
    reruns: fitReruns(trace),
    users: userRank.size,
    kinds: jobs.map((job, i) => ({ class: classOf[i], size: job.size, runTime: runTimes.of[i], user: userRank.get(job.user) ?? 0 })),
  }
}

/** Equal jobs become one kind with a count, sorted so that neighbours are alike. */
export function fitDeck(kinds: readonly JobKind[], { tier }: ClassFigures): DeckFigures {
  const rows = [...Map.groupBy(kinds, (kind) => `${kind.class},${kind.size},${kind.runTime},${kind.user}`).values()]
    .map((members) => ({ ...members[0], count: members.length }))
    .sort((a, b) => tier[a.class] - tier[b.class] || a.runTime - b.runTime || a.class - b.class || a.size - b.size || a.user - b.user)
  return {
    class: rows.map((row) => row.class),
    size: rows.map((row) => row.size),
    runTime: rows.map((row) => row.runTime),
    user: rows.map((row) => row.user),
    count: rows.map((row) => row.count),
  }
}

function fitShapes({ machines, models }: Trace): ShapeCount[] {
  const shapes = new Map<string, { capacity: number[]; devices: number; model: string; count: number }>()
  for (let m = 0; m < machines.count; m++) {
    if (!machines.present[m]) continue
    const capacity = machines.capacity.map((column) => column[m])
    const model = models[machines.model[m]]
    const key = `${capacity};${machines.devices[m]};${model}`
    const known = shapes.get(key)
    if (known) known.count++
    else shapes.set(key, { capacity, devices: machines.devices[m], model, count: 1 })
  }
  return [...shapes.values()].sort((a, b) => b.count - a.count)
}

function fitClasses(trace: Trace, arrivals: ReadonlySet<number>) {
  const { classes, runs } = trace
  const keyOf = Array.from({ length: classes.count }, (_, row) => {
    const parts = [classes.tier[row], classes.priority[row], ...classes.request.map((column) => column[row])]
    return [...parts, classes.devices[row], classes.milli[row], classes.spread[row] === NONE ? 0 : 1]
  })
  const keys = [...new Map(keyOf.map((key) => [key.join(), key])).values()].sort((a, b) => compare(a, b))
  const rows = new Map(keys.map((key, row) => [key.join(), row]))
  const rowOf = keyOf.map((key) => rows.get(key.join()) ?? NONE)
  const arrived = keys.map(() => 0)
  const standing = keys.map(() => 0)
  for (let run = 0; run < runs.count; run++) {
    if (runs.previous[run] !== NONE) continue
    const side = !runs.preplaced[run] && arrivals.has(runs.arrival[run]) ? arrived : standing
    side[rowOf[runs.class[run]]]++
  }
  const column = (at: number) => keys.map((key) => key[at])
  const after = 2 + trace.resources.length
  const figures: ClassFigures = {
    request: trace.resources.map((_, r) => column(2 + r)),
    devices: column(after),
    milli: column(after + 1),
    priority: column(1),
    tier: column(0),
    spread: column(after + 2),
    arrived,
    standing,
  }
  return { classes: figures, rowOf }
}

function fitReruns({ runs, start }: Trace): Profile['reruns'] {
  const of = (kind: 'finish' | 'fail' | 'kill'): RerunFigures => {
    let ends = 0
    const gaps: number[] = []
    for (let run = 0; run < runs.count; run++) {
      // Tasks from before the window include crash loops of thousands of runs, which are no task's usual fate.
      const isFirst = runs.previous[run] === NONE && !runs.preplaced[run] && runs.arrival[run] > start
      if (!isFirst || ENDS[runs.end[run]] !== kind || Number.isNaN(runs.runTime[run])) continue
      ends++
      if (runs.next[run] !== NONE) gaps.push(runs.arrival[runs.next[run]])
    }
    gaps.sort((a, b) => a - b)
    return { share: ends === 0 ? 0 : Number((gaps.length / ends).toFixed(5)), gaps: quantiles(gaps, 32) }
  }
  return { finish: of('finish'), fail: of('fail'), kill: of('kill') }
}

/** `most` values that stand for the ascending ones: the middles of as many equal parts. */
function quantiles(ascending: readonly number[], most: number): number[] {
  const count = Math.min(most, ascending.length)
  return Array.from({ length: count }, (_, i) => ascending[Math.floor(((i + 0.5) / count) * ascending.length)])
}

function rank(values: readonly number[]): Map<number, number> {
  const counts = [...Map.groupBy(values, (value) => value)].sort((a, b) => b[1].length - a[1].length)
  return new Map(counts.map(([value], row) => [value, row]))
}

function compare(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((value, i) => value !== b[i])
  return at < 0 ? 0 : a[at] - b[at]
}
