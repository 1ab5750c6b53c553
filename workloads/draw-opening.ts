import { ENDS, randomStream } from '../sim/index.ts'
import type { CellDraw } from './cell-draw.ts'
import type { GeneratedRun } from './generated-run.ts'
import type { BaseFigures } from './profile.ts'
import { aliveByKind, requestedBy } from './steady-load.ts'
import { SystematicDraw } from './systematic-draw.ts'
import { TaskDraw } from './task-draw.ts'

const FINISH = ENDS.indexOf('finish')

/**
 * What is in the cell when the window opens: the base, whose tasks come back for ever, and what is left of jobs that arrived earlier, as
 * many as there are on average, so that the load neither climbs nor falls. All through the queue: the profile knows no machines.
 */
export function* drawOpening(cell: CellDraw, run: GeneratedRun): Generator<Readonly<GeneratedRun>, void, undefined> {
  if (cell.target === 0) return
  const { profile } = cell
  const alive = aliveByKind(profile).map((tasks) => tasks * cell.rate)
  const resource = profile.resources.findIndex(({ name }) => name === profile.base.resource)
  const capacity = cell.machines.reduce(
    (sum, shape) => sum + (profile.base.resource === 'gpu' ? shape.devices * 1000 : shape.capacity[resource]),
    0,
  )
  const missing = cell.target * capacity - requestedBy(profile, alive, resource)
  if (missing > 0) yield* drawBase(cell, missing, resource, run)
  yield* drawRemaining(cell, alive, run)
}

/** Tasks that request `missing` of `resource`; each comes back a moment after its end until the window closes. */
function* drawBase({ profile, machines, seed, end }: CellDraw, missing: number, resource: number, run: GeneratedRun) {
  const { base, classes } = profile
  const mixRandom = randomStream(seed, 'profile base')
  const runTimes = randomStream(seed, 'profile base run times')
  const users = randomStream(seed, 'profile base users')
  const lasting = () => Math.ceil(-Math.log(1 - runTimes()) * base.runTime) || 1
  for (const job of shuffled(
    base.parts.flatMap((part) => jobsOf(part, machines.length)),
    mixRandom,
  )) {
    run.job++
    run.class = job.class
    run.user = Math.floor(users() * profile.users)
    run.end = FINISH
    for (run.index = 0; run.index < job.size; run.index++) {
      run.time = 0
      run.again = false
      run.preplaced = true
      run.runTime = lasting()
      yield run
      let until = run.runTime
      while (until < end) {
        run.time = base.gap
        run.again = true
        run.preplaced = false
        run.runTime = lasting()
        until += base.gap + run.runTime
        yield run
      }
    }
  }

  function jobsOf(part: BaseFigures['parts'][number], machineCount: number): { class: number; size: number }[] {
    const draw = new SystematicDraw(part.weight, mixRandom)
    const request = classes.request[resource]
    const mean = part.class.reduce((sum, row, i) => sum + request[row] * part.weight[i], 0) / draw.total
    const counts = new Int32Array(part.class.length)
    for (const i of draw.draw(Math.round((missing * part.share) / mean))) counts[i]++
    const jobs: { class: number; size: number }[] = []
    for (const [i, row] of part.class.entries()) {
      const most = classes.spread[row] ? Math.max(1, Math.min(base.jobSize, machineCount >> 1)) : base.jobSize
      for (let left = counts[i]; left > 0; left -= most) jobs.push({ class: row, size: Math.min(left, most) })
    }
    return jobs
  }
}

function* drawRemaining({ profile, jobs, seed }: CellDraw, alive: readonly number[], run: GeneratedRun) {
  const tasks = new TaskDraw(profile, seed, 'profile opening')
  const rounding = randomStream(seed, 'profile opening')
  let due = rounding()
  let drawn = 0
  for (const [kind, expected] of alive.entries()) {
    due += expected
    const runTime = jobs.runTime[kind]
    for (let left = Math.floor(due) - drawn; left > 0; left -= jobs.size[kind]) {
      run.job++
      run.class = jobs.class[kind]
      run.user = jobs.user[kind]
      const size = Math.min(left, jobs.size[kind])
      drawn += size
      for (let index = 0; index < size; index++) {
        run.index = index
        run.time = 0
        run.again = false
        run.preplaced = true
        tasks.resume(run, runTime)
        yield run
        while (tasks.again(run, runTime)) yield run
      }
    }
  }
}

function shuffled<T>(items: readonly T[], random: () => number): T[] {
  return items
    .map((item) => ({ item, at: random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item)
}
