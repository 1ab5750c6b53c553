/** One thing that a suite measures; `run` is done over and over. */
export interface Case {
  readonly name: string
  readonly run: () => unknown
}

/** A suite is made in a process of its own. What cannot be measured here says why instead. */
export type Suite = () => Promise<readonly Case[] | string>
