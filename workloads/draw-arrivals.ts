import { randomStream } from '../sim/index.ts'
import type { CellDraw } from './cell-draw.ts'
import type { GeneratedRun } from './generated-run.ts'
import { deckSize } from './steady-load.ts'
import { SystematicDraw } from './systematic-draw.ts'
import { TaskDraw } from './task-draw.ts'

/**
 * The jobs that arrive in the window. Each epoch draws its number of jobs and of gaps systematically, so that any epoch has the deck's
 * mix of kinds and the source's mix of gaps; the gaps are stretched to fill it.
 */
export function* drawArrivals(cell: CellDraw, run: GeneratedRun): Generator<Readonly<GeneratedRun>, void, undefined> {
  const { profile, jobs, end } = cell
  const { epoch, gaps } = profile
  const jobRandom = randomStream(cell.seed, 'profile jobs')
  const gapRandom = randomStream(cell.seed, 'profile gaps')
  const tasks = new TaskDraw(profile, cell.seed, 'profile arrivals')
  const deck = new SystematicDraw(jobs.count, jobRandom)
  const gapDeck = new SystematicDraw(
    gaps.map(() => 1),
    gapRandom,
  )
  // Cut jobs come more often than the source's.
  const jobsPerJob = (cell.rate * deck.total) / deckSize(profile)
  let due = jobRandom()
  let drawn = 0
  for (let e = 0; e * epoch.length < end; e++) {
    due += epoch.jobs[e % epoch.jobs.length] * jobsPerJob
    const count = Math.floor(due) - drawn
    if (count === 0) continue
    drawn += count
    const kinds = deck.draw(count)
    const waits = gapDeck.draw(count)
    let sum = 0
    for (let i = 0; i < count; i++) sum += gaps[waits[i]]
    const stretch = epoch.length / sum
    let since = -gapRandom() * gaps[waits[0]]
    for (let i = 0; i < count; i++) {
      since += gaps[waits[i]]
      const time = Math.floor(e * epoch.length + since * stretch)
      if (time > end) return
      const kind = kinds[i]
      run.job++
      run.class = jobs.class[kind]
      run.user = jobs.user[kind]
      const size = jobs.size[kind]
      const runTime = jobs.runTime[kind]
      for (let index = 0; index < size; index++) {
        run.index = index
        run.time = time
        run.again = false
        run.preplaced = false
        tasks.start(run, runTime)
        yield run
        while (tasks.again(run, runTime)) yield run
      }
    }
  }
}
