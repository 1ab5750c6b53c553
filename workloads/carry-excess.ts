/** One job: its tasks, and where its tasks lie in each marginal that must hold, as numbers of any scale. */
export interface SizedJob {
  readonly size: number
  readonly tier: number
  readonly at: readonly number[]
  /** Figures of its tasks whose mean over all tasks is wanted. */
  readonly figures: readonly number[]
}

const PORTIONS = 400
const ROUNDS = 8

/**
 * Sizes that sum to `factor` times the given ones though only the largest `share` of each tier’s jobs grows. The growth is dealt in small portions,
 * each to the large job with which the mix of tasks is nearest to the given one, marginal by marginal, and the figures' means to the wanted.
 */
export function carryExcess(jobs: readonly SizedJob[], factor: number, share: number, wanted: readonly number[]): number[] {
  const large = [...Map.groupBy(jobs.keys(), (job) => jobs[job].tier).values()].flatMap((members) =>
    members.sort((a, b) => jobs[b].size - jobs[a].size || a - b).slice(0, Math.floor(share * members.length)),
  )
  const total = jobs.reduce((sum, { size }) => sum + size, 0)
  const portion = ((factor - 1) * total) / PORTIONS
  const grown = jobs.map(({ size }) => size)
  const axes = jobs[0].at.map((_, axis) => axisOf(jobs, axis, total))
  const sums = wanted.map((_, f) => jobs.reduce((sum, { size, figures }) => sum + size * figures[f], 0))
  const add = (job: number, tasks: number) => {
    grown[job] += tasks
    for (const axis of axes) axis.now[axis.of[job]] += tasks
    for (const f of sums.keys()) sums[f] += tasks * jobs[job].figures[f]
  }
  const deal = (sum: number) => {
    const distance = (job: number) =>
      axes.reduce((squares, axis) => squares + furthest(axis, axis.of[job], portion, sum) ** 2, 0) +
      wanted.reduce((squares, mean, f) => squares + ((sums[f] + portion * jobs[job].figures[f]) / sum - mean) ** 2, 0)
    const { job } = large.map((row) => ({ job: row, far: distance(row) })).reduce((best, next) => (next.far < best.far ? next : best))
    add(job, portion)
  }
  for (let dealt = 1; dealt <= PORTIONS; dealt++) deal(total + dealt * portion)
  // What was dealt first was dealt blindly, so every portion is taken back and dealt again.
  for (let round = 0; round < ROUNDS; round++) {
    for (const job of large) {
      for (let taken = Math.round((grown[job] - jobs[job].size) / portion); taken > 0; taken--) {
        add(job, -portion)
        deal(factor * total)
      }
    }
  }
  return grown.map(Math.round)
}

interface Axis {
  /** Each job's value, as a row in the ascending distinct values. */
  readonly of: readonly number[]
  /** The share of the given tasks at or below each value. */
  readonly wanted: Float64Array
  /** Tasks at each value so far. */
  readonly now: Float64Array
}

function axisOf(jobs: readonly SizedJob[], axis: number, total: number): Axis {
  const values = [...new Set(jobs.map(({ at }) => at[axis]))].sort((a, b) => a - b)
  const rows = new Map(values.map((value, row) => [value, row]))
  const of = jobs.map(({ at }) => rows.get(at[axis]) ?? 0)
  const now = new Float64Array(values.length)
  for (const [job, { size }] of jobs.entries()) now[of[job]] += size
  const wanted = now.map((tasks) => tasks / total)
  for (let row = 1; row < wanted.length; row++) wanted[row] += wanted[row - 1]
  return { of, now, wanted }
}

/** How far the distribution would be from the wanted one with `portion` more tasks at `row`, `sum` in all. */
function furthest({ wanted, now }: Axis, row: number, portion: number, sum: number): number {
  let below = 0
  let far = 0
  for (let value = 0; value < now.length; value++) {
    below += now[value]
    if (value === row) below += portion
    far = Math.max(far, Math.abs(below / sum - wanted[value]))
  }
  return far
}
