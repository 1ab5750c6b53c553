import type { Resource } from '../sim/index.ts'

/**
 * What a built-in workload is made of: figures fitted to a real trace, and those that are ours, named in `ours`. Tables
 * are columns, as in a Trace; times are microseconds. The files are written by `workloads/profiles/fit.ts`.
 */
export interface Profile {
  readonly name: string
  readonly source: string
  /** What is not fitted but chosen, one sentence each. */
  readonly ours: readonly string[]
  /** Machines in the whole cell, to which `epoch.jobs` belongs. */
  readonly size: number
  readonly resources: readonly Omit<Resource, 'constrains'>[]
  readonly tiers: readonly string[]
  readonly machines: readonly ShapeCount[]
  readonly classes: ClassFigures
  readonly jobs: DeckFigures
  readonly epoch: EpochFigures
  /** The times between one job's arrival and the next one's, ascending. */
  readonly gaps: readonly number[]
  readonly runTimes: readonly RunTimeFigures[]
  readonly tail: TailFigures
  readonly reruns: Readonly<Record<'finish' | 'fail' | 'kill', RerunFigures>>
  readonly users: number
  readonly base: BaseFigures
}

export interface ShapeCount {
  /** By resource; for `gpu` 0, as `devices` says it. */
  readonly capacity: readonly number[]
  readonly devices: number
  readonly model: string
  readonly count: number
}

export interface ClassFigures {
  /** By resource, then class. */
  readonly request: readonly (readonly number[])[]
  readonly devices: readonly number[]
  readonly milli: readonly number[]
  readonly priority: readonly number[]
  /** Row in `tiers`. */
  readonly tier: readonly number[]
  /** 1 where the tasks of a job must all be on different machines. */
  readonly spread: readonly number[]
  /** Tasks of this class that arrived in the source's window, and those that were in the cell before it. */
  readonly arrived: readonly number[]
  readonly standing: readonly number[]
}

/** The kinds of job that arrive, sorted so that neighbours are alike, which is what a systematic draw needs. */
export interface DeckFigures {
  /** Row in `classes`. */
  readonly class: readonly number[]
  /** Tasks. */
  readonly size: readonly number[]
  /** Row in `runTimes`. */
  readonly runTime: readonly number[]
  /** Users by how many jobs they sent, 0 the most. */
  readonly user: readonly number[]
  /** How many such jobs a deck has. */
  readonly count: readonly number[]
}

interface EpochFigures {
  readonly length: number
  /** Jobs that arrive in each epoch; after the last comes the first again. */
  readonly jobs: readonly number[]
}

/** How long runs last: a survival curve from 1 at time 0, straight between its knots, then the tail. */
export interface RunTimeFigures {
  readonly of: string
  readonly runs: number
  readonly ended: number
  readonly time: readonly number[]
  readonly survival: readonly number[]
  /** Shares of finish, fail and kill; they sum to 1. */
  readonly ends: readonly number[]
}

/** What is beyond the longest observation: Pareto from there on, and nothing longer than `longest`. */
export interface TailFigures {
  readonly exponent: number
  readonly longest: number
}

export interface RerunFigures {
  /** The share of such ends after which the task comes back. */
  readonly share: number
  /** From the end to the next arrival, ascending, each as likely. */
  readonly gaps: readonly number[]
}

/** The long-running load that the source's window does not show: ours. */
export interface BaseFigures {
  /** The resource whose requested share of the cell the generator brings to `target`, with what arrives counted in. */
  readonly resource: string
  readonly target: number
  /** Mean of the exponential run time; a task that ends comes back after `gap`. */
  readonly runTime: number
  readonly gap: number
  /** The most tasks of one job. */
  readonly jobSize: number
  /** By class: how many of the base's tasks are of it, as weights; with `share`, of the base's resource. */
  readonly parts: readonly {
    readonly of: string
    readonly share: number
    readonly class: readonly number[]
    readonly weight: readonly number[]
  }[]
}
