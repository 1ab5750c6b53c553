import { ENDS, type RandomStream, randomStream } from '../sim/index.ts'
import type { GeneratedRun } from './generated-run.ts'
import type { Profile } from './profile.ts'
import { type RunTimeSampler, runTimeSampler } from './run-time-sampler.ts'

/** Draws what a task does once it runs: for how long, how that ends, and whether it comes again. */
export class TaskDraw {
  private readonly samplers: readonly RunTimeSampler[]
  /** By kind of run time: the shares of finish, and of finish or fail. */
  private readonly finishes: Float64Array
  private readonly fails: Float64Array
  private readonly reruns: readonly Profile['reruns']['finish'][]
  private readonly runTime: RandomStream
  private readonly end: RandomStream
  private readonly rerun: RandomStream

  /** `purpose` names its three streams of chance. */
  constructor({ runTimes, tail, reruns }: Profile, seed: number, purpose: string) {
    this.samplers = runTimes.map((figures) => runTimeSampler(figures, tail))
    this.finishes = Float64Array.from(runTimes, ({ ends }) => ends[0])
    this.fails = Float64Array.from(runTimes, ({ ends }) => ends[0] + ends[1])
    this.reruns = [reruns.finish, reruns.fail, reruns.kill]
    this.runTime = randomStream(seed, `${purpose} run times`)
    this.end = randomStream(seed, `${purpose} ends`)
    this.rerun = randomStream(seed, `${purpose} reruns`)
  }

  /** Fills in a new run of run-time kind `kind`. */
  start(run: GeneratedRun, kind: number): void {
    run.runTime = this.samplers[kind].draw(this.runTime)
    this.finish(run, kind)
  }

  /** Fills in a run that has been going for long when the window opens. */
  resume(run: GeneratedRun, kind: number): void {
    run.runTime = this.samplers[kind].drawRemaining(this.runTime)
    this.finish(run, kind)
  }

  /** Turns the run into its task's next one and answers true, or answers false where the task does not come again. */
  again(run: GeneratedRun, kind: number): boolean {
    const { share, gaps } = this.reruns[run.end]
    if (share === 0 || this.rerun() >= share) return false
    run.time = gaps[Math.floor(this.rerun() * gaps.length)]
    run.again = true
    run.preplaced = false
    this.start(run, kind)
    return true
  }

  private finish(run: GeneratedRun, kind: number): void {
    const u = this.end()
    run.end = u < this.finishes[kind] ? FINISH : u < this.fails[kind] ? FAIL : KILL
  }
}

const FINISH = ENDS.indexOf('finish')
const FAIL = ENDS.indexOf('fail')
const KILL = ENDS.indexOf('kill')
