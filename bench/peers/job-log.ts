import { randomStream } from '../../sim/index.ts'

export interface JobLog {
  readonly nodes: number
  readonly cores: number
  readonly jobs: number
  readonly seed: number
}

/** Seconds: jobs run from 60 to 3,600 s, all lengths alike. */
const SHORTEST = 60
const LONGEST = 3600
/** So much of the cell is asked for, on average: some wait. */
const LOAD = 0.98

/** A log in the Standard Workload Format: jobs of one processor, exponential gaps between them. */
export function jobLog({ nodes, cores, jobs, seed }: JobLog): string {
  const draw = randomStream(seed, 'jobs')
  const gap = (SHORTEST + LONGEST) / 2 / (nodes * cores * LOAD)
  let at = 0
  const lines = Array.from({ length: jobs }, (_, job) => {
    at -= gap * Math.log(1 - draw())
    const runTime = SHORTEST + Math.floor(draw() * (LONGEST - SHORTEST + 1))
    return [job + 1, Math.floor(at), -1, runTime, 1, -1, -1, 1, runTime, -1, 1, 1, 1, -1, 1, 1, -1, -1].join(' ')
  })
  return [`; MaxNodes: ${nodes}`, `; MaxProcs: ${nodes * cores}`, ...lines, ''].join('\n')
}
