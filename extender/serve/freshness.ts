import { setTimeout as pause } from 'node:timers/promises'
import type { Heard } from './drift-check.ts'
import { versionOf } from './holding.ts'
import type { Pulse } from './kept-watch.ts'
import { type KubeApi, statusOf } from './kube-api.ts'
import type { ExtenderArgs } from './wire.ts'

/** All in milliseconds. How long the API server, and a watch, may take to answer; together well below kube-scheduler's httpTimeout. */
const PATIENCE = 1000
/** A watch that has been silent for so long may be dead: it is begun anew before a refusal rests on it. */
const SILENCE = 5000
/** In which a watch that was opened tells what it kept back. */
const BACKLOG = 250
const STEP = 5

/**
 * Whether what is known is as new as what the API server would say: asked before a pod is refused, since kube-scheduler puts a refused pod
 * aside until something happens in the cluster, and what would have helped it may have happened already, unheard.
 */
export class Freshness {
  private readonly api: Pick<KubeApi, 'readPod' | 'pulses'>
  private readonly heard: Readonly<Heard>

  constructor(api: Pick<KubeApi, 'readPod' | 'pulses'>, heard: Readonly<Heard>) {
    this.api = api
    this.heard = heard
  }

  /** Waits for news that are under way. Resolves with why some may be missing still; with nothing where none is. */
  async doubt({ metadata: { namespace, name, uid } }: ExtenderArgs['pod']): Promise<string> {
    const { pods, nodes } = this.api.pulses
    const reads = [this.settled('pods', pods), this.settled('nodes', nodes), this.read(namespace, name)] as const
    const [ofPods, ofNodes, found] = await Promise.all(reads)
    if (ofPods || ofNodes) return ofPods || ofNodes
    if (typeof found === 'string') return found
    // This state of the pod was there before the answer, so a watch that is not late has told of it.
    const version = found && found.metadata?.uid === uid ? versionOf(found) : 0
    const isTold = await holds(() => this.heard.pods >= version)
    return isTold ? '' : `the watch of pods is late: it has not told of version ${version} of this pod`
  }

  private async settled(kind: string, pulse: Pulse): Promise<string> {
    const asked = performance.now()
    if (pulse.isOpen && pulse.heardAt < asked - SILENCE) {
      pulse.renew()
      if (!(await holds(() => pulse.heardAt > asked))) return `the watch of ${kind} does not answer`
      await pause(BACKLOG)
    }
    if (!pulse.isOpen) return `the watch of ${kind} is away`
    await pause(Math.max(0, pulse.openedAt + BACKLOG - performance.now()))
    return pulse.isOpen ? '' : `the watch of ${kind} is away`
  }

  /** What the API server has; or, as a text, that it does not say. */
  private async read(namespace: string, name: string) {
    const late = pause(PATIENCE, `the API server does not answer within ${PATIENCE} ms`, { ref: false })
    const asked = this.api.readPod(namespace, name).catch((error: unknown) => {
      const status = statusOf(error)
      return `the API server ${status === null ? 'is not reached' : `answers ${status}`}`
    })
    return Promise.race([asked, late])
  }
}

async function holds(what: () => boolean): Promise<boolean> {
  for (const end = performance.now() + PATIENCE; performance.now() < end; await pause(STEP)) if (what()) return true
  return what()
}
