import type { DeckFigures, Profile, ShapeCount } from './profile.ts'

/** Above this share of the cell's capacity in any resource, a job is cut: no job is meant to fill a small cell alone. */
const LARGEST_SHARE = 0.05
/** A job whose tasks must all be on different machines is cut above this share of the machines. */
const LARGEST_SPREAD = 0.35

/**
 * The deck for a cell of these machines. A job too large for it is cut and comes as much more often, so that its tasks keep their rate:
 * its `count` is then a fraction. In a whole cell nothing is cut.
 */
export function fitJobsToCell({ classes, jobs }: Profile, machines: readonly ShapeCount[]): DeckFigures {
  const capacity = classes.request.map((_, r) => machines.reduce((sum, shape) => sum + shape.capacity[r], 0))
  const most = jobs.class.map((row) => {
    const bySize = capacity.map((units, r) =>
      units > 0 && classes.request[r][row] > 0 ? (LARGEST_SHARE * units) / classes.request[r][row] : Infinity,
    )
    return Math.max(1, Math.floor(Math.min(...bySize, classes.spread[row] ? LARGEST_SPREAD * machines.length : Infinity)))
  })
  const size = jobs.size.map((tasks, kind) => Math.min(tasks, most[kind]))
  return { ...jobs, size, count: jobs.count.map((count, kind) => (count * jobs.size[kind]) / size[kind]) }
}
