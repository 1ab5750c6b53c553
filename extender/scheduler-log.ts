import { open } from 'node:fs/promises'
import { InputError } from '../sim/index.ts'

/** Scores of each node by plugin, weighted as the scheduler adds them up, and their sums. */
export interface LoggedScores {
  readonly plugins: ReadonlyMap<string, ReadonlyMap<string, number>>
  readonly total: ReadonlyMap<string, number>
}

/** kube-scheduler's log at `-v=10`, from where it ends now. */
export class SchedulerLog {
  private readonly path: string
  private offset: number

  private constructor(path: string, offset: number) {
    this.path = path
    this.offset = offset
  }

  /** Throws InputError where there is no such file. */
  static async open(path: string): Promise<SchedulerLog> {
    const file = await open(path).catch(() => {
      throw new InputError(`--scheduler-log: no such file: ${path}`)
    })
    const { size } = await file.stat()
    await file.close()
    return new SchedulerLog(path, size)
  }

  /** What it has said of each pod (namespace/name) since; of several attempts the last that scored. */
  async scores(): Promise<ReadonlyMap<string, LoggedScores>> {
    const file = await open(this.path)
    const { size } = await file.stat()
    const bytes = Buffer.alloc(size - this.offset)
    await file.read(bytes, 0, bytes.length, this.offset)
    await file.close()
    this.offset = size
    return scoresIn(bytes.toString('utf8'))
  }
}

const PLUGIN = /"Plugin scored node for pod" pod="([^"]+)" plugin="([^"]+)" node="([^"]+)" score=(-?\d+)/
const TOTAL = /"Calculated node's final score for pod" pod="([^"]+)" node="([^"]+)" score=(-?\d+)/

/** The scores that a text of the log tells of. */
export function scoresIn(text: string): ReadonlyMap<string, LoggedScores> {
  const found = new Map<string, { plugins: Map<string, Map<string, number>>; total: Map<string, number> }>()
  const of = (pod: string) => {
    const known = found.get(pod) ?? { plugins: new Map(), total: new Map() }
    found.set(pod, known)
    return known
  }
  for (const line of text.split('\n')) {
    const [, pod, plugin, node, score] = PLUGIN.exec(line) ?? []
    if (pod !== undefined) {
      // A plugin's scores after its sums are those of another attempt.
      if (of(pod).total.size > 0) found.delete(pod)
      const { plugins } = of(pod)
      plugins.set(plugin, (plugins.get(plugin) ?? new Map()).set(node, Number(score)))
      continue
    }
    const [, whose, where, sum] = TOTAL.exec(line) ?? []
    if (whose !== undefined) of(whose).total.set(where, Number(sum))
  }
  return found
}
