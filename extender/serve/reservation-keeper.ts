import type { ClusterState, StateEvent } from './cluster-state.ts'
import { type Holding, isTurnedDown, uidOf } from './holding.ts'
import type { KubeApi } from './kube-api.ts'

/**
 * Asks the API server what became of reservations that were not seen to be bound in time, and frees those of which nothing will come.
 * Never frees on a guess: while the server is not reached, a reservation stays, since its pod may be bound by now.
 */
export class ReservationKeeper {
  private readonly state: ClusterState
  private readonly api: Pick<KubeApi, 'readPod'>
  private isBusy = false

  constructor(state: ClusterState, api: Pick<KubeApi, 'readPod'>) {
    this.state = state
    this.api = api
  }

  /** Looks after all that are due. Resolves when it is done; calls meanwhile do nothing. */
  async tend(): Promise<void> {
    if (this.isBusy) return
    this.isBusy = true
    try {
      // While others were asked about it may have been renewed: a bind that is under way would be taken for one that never was.
      for (const holding of this.state.due()) if (this.state.isDue(holding)) await this.ask(holding)
    } finally {
      this.isBusy = false
    }
  }

  private async ask(holding: Holding): Promise<void> {
    const [namespace, name] = holding.key.split('/')
    const { checkAt } = holding
    const pod = await this.api.readPod(namespace, name).catch(() => undefined)
    // While the answer was under way it may have been bound, freed, or asked for once more.
    if (pod === undefined || this.state.holding(holding.uid) !== holding || holding.checkAt !== checkAt) return
    if (pod === null || uidOf(pod) !== holding.uid) this.state.release(holding.uid, 'deleted')
    else if (pod.spec?.nodeName) this.state.podChanged(pod)
    else this.state.release(holding.uid, whyUnbound(pod))
  }
}

const whyUnbound = (pod: Parameters<typeof isTurnedDown>[0]): StateEvent => (isTurnedDown(pod) ? 'failed' : 'expired')
