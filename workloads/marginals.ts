import type { Trace } from '../sim/index.ts'
import { kaplanMeier, type SurvivalCurve } from './kaplan-meier.ts'
import { kolmogorovSmirnov, survivalDistance } from './kolmogorov-smirnov.ts'
import { type ObservedWindow, observeJobs } from './observe-jobs.ts'
import { spearman } from './spearman.ts'
import { survivalCorrelation } from './survival-correlation.ts'

/** A run-time curve is compared as far as this share of the runs is still watched: beyond it, a few late runs decide. */
const LEAST_WATCHED = 0.02
/** Run times are ranked up to here, microseconds: every large job of the slice is watched for longer. */
const HORIZON = 1800e6

/** What a window shows of the jobs that arrive in it. Each sample names what one value of it is of. */
export interface Marginals {
  readonly jobs: number
  readonly tasks: number
  readonly samples: Readonly<Record<string, ArrayLike<number>>>
  /** Of all tasks' first runs, censored by the window's end. */
  readonly runTime: SurvivalCurve
  readonly runs: number
  readonly correlations: Readonly<Record<string, number>>
}

export type MarginalDistances = Readonly<Record<string, number>>

/** The marginals of the jobs that arrive in the window, that of the trace if not said. */
export function marginalsOf(trace: Trace, window: ObservedWindow = {}): Marginals {
  const jobs = observeJobs(trace, window)
  const { classes, resources } = trace
  const perTask = (value: (row: number) => number) =>
    Float64Array.from(jobs.flatMap((job) => new Array<number>(job.size).fill(value(job.class))))
  const requests = Object.fromEntries(
    resources
      .filter(({ name }) => name !== 'disk')
      .map(({ name }, r) => [`${name} request, by task`, perTask((row) => classes.request[r][row])]),
  )
  const watched = jobs.flatMap((job) => job.watched)
  const ended = jobs.flatMap((job) => job.ended.map((end) => end >= 0))
  const tiers = [...Map.groupBy(jobs, (job) => job.tier)].map(([tier, members]) => {
    const times = members.flatMap((job) => job.watched)
    return {
      value: tier,
      weight: times.length,
      curve: kaplanMeier(
        times,
        members.flatMap((job) => job.ended.map((end) => end >= 0)),
      ),
    }
  })
  return {
    jobs: jobs.length,
    tasks: jobs.reduce((sum, { size }) => sum + size, 0),
    samples: {
      ...requests,
      'priority, by task': perTask((row) => classes.priority[row]),
      'tier, by task': perTask((row) => classes.tier[row]),
      'job size, by job': jobs.map(({ size }) => size),
      'inter-arrival, by job': jobs.slice(1).map(({ arrival }, i) => arrival - jobs[i].arrival),
    },
    runTime: kaplanMeier(watched, ended),
    runs: watched.length,
    correlations: {
      'cpu × memory, by task': spearman(
        perTask((row) => classes.request[0][row]),
        perTask((row) => classes.request[1][row]),
      ),
      'tier × run time, by run (first 30 minutes)': survivalCorrelation(tiers, HORIZON),
    },
  }
}

/** Kolmogorov–Smirnov distances of every marginal; run times by their survival curves, up to `horizon` microseconds. */
export function marginalDistances(a: Marginals, b: Marginals, horizon = Number.POSITIVE_INFINITY): MarginalDistances {
  const samples = Object.keys(a.samples).map((name) => [name, kolmogorovSmirnov(a.samples[name], b.samples[name])] as const)
  return {
    ...Object.fromEntries(samples),
    'run time, by run (survival curve)': survivalDistance(a.runTime, b.runTime, {
      horizon,
      atRisk: LEAST_WATCHED * Math.min(a.runs, b.runs),
    }),
  }
}
