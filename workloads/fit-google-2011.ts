import { join } from 'node:path'
import type { Trace } from '../sim/index.ts'
import { type BaseMix, mixBase } from './base-mix.ts'
import { carryExcess } from './carry-excess.ts'
import { type FittedFigures, fitDeck, fitProfile, type JobKind } from './fit-profile.ts'
import { readJobRows } from './google-2011-jobs.ts'
import { SUBMIT } from './google-2011-tasks.ts'
import { kaplanMeier, survivalAt } from './kaplan-meier.ts'
import { type ObservedJob, observeJobs } from './observe-jobs.ts'
import type { DeckFigures, Profile } from './profile.ts'
import { aliveByKind, requestedBy } from './steady-load.ts'

const SECOND = 1e6
const DAY = 86_400 * SECOND
/** The trace begins at 600 s and is cut into 500 parts of equal time: 29 days / 500. */
const OPENING = 600 * SECOND
const EPOCH = (29 * DAY) / 500
/** Google's published total for the 29 days: reference "clusterdata-2011-2", 672 k jobs, 25.4 M tasks. */
const MONTH_TASKS = 25_400_000
/** The share of each tier's jobs, the largest, that may grow to carry the month's heavier tail. */
const LARGE_JOBS = 0.1
/** Where the mix of run times must hold while jobs are made larger. */
const RUN_TIME_MARKS = [0, 300, 600, 1200, 1800].map((seconds) => seconds * SECOND)
/** How much those count beside the mix of requests: a small tier's run times would else be given up for it. */
const MARK_WEIGHT = 3
/** Borg: the next generation (EuroSys 2020), on the 2011 cell: production has about 70 % of the allocated CPU and 55 % of the memory. */
const PRODUCTION_CPU = 0.7
const PRODUCTION_MEMORY = 0.55
/** Of the CPU of free and batch, what the jobs that arrive hold; the rest is base. */
const ARRIVING_SHARE = 0.8
const TARGET_CPU = 0.85
const TARGET_MEMORY = 0.65

const OURS = [
  'The slice shows no long-running load, so the base is ours: it brings requested CPU, with what arrives counted in, to 85 % of the cell.',
  'Its classes are those of the tasks that the slice shows running before it opens, weighted so that production has 70 % of the requested CPU and 55 % of the requested memory, and memory is 65 % requested.',
  'A base task runs for an exponential time of 10 days on average and comes back after 10 s; at most 50 of them make a job.',
  'The slice is a quiet hour: 16.5 tasks a job against the month’s published 37.8, so the largest 10 % of each tier’s jobs are made larger until a month has the published 25.4 M tasks.',
  'A run that outlasts the slice follows a Pareto law from there, with the exponent that leaves 20 % of the other tiers’ CPU to the base, and ends within 29 days.',
  'Jobs are drawn systematically, not independently: each epoch holds every kind of job in its due number, in shuffled order.',
  'In a smaller cell a job is cut where it would request over 5 % of the cell, and comes as much more often.',
  'All tasks of a job arrive at one instant; in the slice they do within 4 ms.',
]

/** The google-2011 profile from the slice of task events and the table of job events beside it. */
export async function fitGoogle2011(trace: Trace, path: string): Promise<Profile> {
  const fitted = fitProfile(trace)
  const jobs = await jobsByEpoch(join(path, 'job_events_compact_parts_000-399.csv.gz'))
  const { kinds, ...figures } = fitted
  const arriving = { ...figures, jobs: largerJobs(fitted, observeJobs(trace), monthTotal(jobs)), epoch: { length: EPOCH, jobs } }
  const machines = figures.machines.reduce((sum, { count }) => sum + count, 0)
  const capacity = (r: number) => (figures.machines.reduce((sum, m) => sum + m.capacity[r] * m.count, 0) / machines) * figures.size
  const tail = fitTail(arriving, capacity(0))
  const isProduction = (tier: number) => tier >= 2
  const alive = aliveByKind({ ...arriving, tail })
  const rest = (r: number, share: number, isMember: (tier: number) => boolean) =>
    share * capacity(r) - requestedBy({ ...arriving, tail }, alive, r, isMember)
  const mixes: BaseMix[] = [
    {
      of: 'production and monitoring',
      isMember: isProduction,
      amount: rest(0, TARGET_CPU * PRODUCTION_CPU, isProduction),
      other: rest(1, TARGET_MEMORY * PRODUCTION_MEMORY, isProduction),
    },
    {
      of: 'free and batch',
      isMember: (tier) => !isProduction(tier),
      amount: rest(0, TARGET_CPU * (1 - PRODUCTION_CPU), (tier) => !isProduction(tier)),
      other: rest(1, TARGET_MEMORY * (1 - PRODUCTION_MEMORY), (tier) => !isProduction(tier)),
    },
  ]
  return {
    name: 'google-2011',
    source: 'Google clusterdata-2011-2 (CC-BY 4.0): machine_events, task_events part 1 of 500, SUBMIT times of job_events parts 0 to 399',
    ours: OURS,
    ...arriving,
    tail,
    base: {
      resource: 'cpu',
      target: TARGET_CPU,
      runTime: 10 * DAY,
      gap: 10 * SECOND,
      jobSize: 50,
      parts: mixBase(figures.classes, mixes),
    },
  }
}

/** How many jobs were submitted in each whole epoch that the table covers. */
async function jobsByEpoch(file: string): Promise<number[]> {
  const { time, kind } = await readJobRows([file])
  const jobs: number[] = []
  for (let row = 0; row < time.length; row++) {
    if (kind[row] !== SUBMIT || time[row] === 0 || time[row] === Number.POSITIVE_INFINITY) continue
    const epoch = Math.floor((time[row] - OPENING) / EPOCH)
    while (jobs.length <= epoch) jobs.push(0)
    jobs[epoch]++
  }
  // The last epoch is cut by the end of the table.
  return jobs.slice(0, -1)
}

function monthTotal(jobs: readonly number[]): number {
  return Array.from({ length: 500 }, (_, epoch) => jobs[epoch % jobs.length]).reduce((sum, count) => sum + count, 0)
}

function largerJobs({ kinds, classes, runTimes }: FittedFigures, observed: readonly ObservedJob[], monthJobs: number): DeckFigures {
  const tasks = kinds.reduce((sum, { size }) => sum + size, 0)
  const factor = MONTH_TASKS / monthJobs / (tasks / kinds.length)
  const lasting = (kind: JobKind, time: number) => {
    const { time: times, survival } = runTimes[kind.runTime]
    return survival[
      Math.max(
        0,
        times.findLastIndex((knot) => knot <= time),
      )
    ]
  }
  const tiers = Map.groupBy(observed, (job) => job.tier)
  const marks = [...tiers.keys()].flatMap((tier) => RUN_TIME_MARKS.map((time) => ({ tier, time })))
  const lastingOverall = (tier: number, time: number) => {
    const members = tiers.get(tier) ?? []
    const curve = kaplanMeier(
      members.flatMap((job) => job.watched),
      members.flatMap((job) => job.ended.map((end) => end >= 0)),
    )
    return (survivalAt(curve, time) * members.reduce((sum, { size }) => sum + size, 0)) / tasks
  }
  const sizes = carryExcess(
    kinds.map((kind) => ({
      size: kind.size,
      tier: classes.tier[kind.class],
      at: [...classes.request.map((column) => column[kind.class]), classes.priority[kind.class], lasting(kind, RUN_TIME_MARKS[1])],
      figures: marks.map(({ tier, time }) => (classes.tier[kind.class] === tier ? MARK_WEIGHT * lasting(kind, time) : 0)),
    })),
    factor,
    LARGE_JOBS,
    marks.map(({ tier, time }) => MARK_WEIGHT * lastingOverall(tier, time)),
  )
  return fitDeck(
    kinds.map((kind, i) => ({ ...kind, size: sizes[i] })),
    classes,
  )
}

/** The tail that lets the arriving jobs of free and batch hold 80 % of those tiers' share of the requested CPU. */
function fitTail(arriving: Omit<Parameters<typeof aliveByKind>[0], 'tail'>, cpu: number): Profile['tail'] {
  const wanted = ARRIVING_SHARE * (1 - PRODUCTION_CPU) * TARGET_CPU * cpu
  const longest = 29 * DAY
  let low = 0.3
  let high = 5
  for (let step = 0; step < 40; step++) {
    const exponent = (low + high) / 2
    const profile = { ...arriving, tail: { exponent, longest } }
    if (requestedBy(profile, aliveByKind(profile), 0, (tier) => tier < 2) > wanted) low = exponent
    else high = exponent
  }
  return { exponent: Number(high.toFixed(3)), longest }
}
