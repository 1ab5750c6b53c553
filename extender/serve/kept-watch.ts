import type { KubeConfig } from '@kubernetes/client-node'
import { Watch } from '@kubernetes/client-node'

/** How a watch stands; times in milliseconds on the clock of performance.now(). */
export interface Pulse {
  readonly isOpen: boolean
  /** When it was opened after it had been away, and when anything was last heard on it; an opening counts as hearing. */
  readonly openedAt: number
  readonly heardAt: number
  /** Begins it anew from where it is, which tells at once what a dead connection kept back. */
  readonly renew: () => void
}

/** A watch of the API server, over and over, that knows whether it is there. It stands in for the client's own under an informer. */
export class KeptWatch extends Watch implements Pulse {
  isOpen = false
  openedAt = 0
  heardAt = 0
  private end: (error: unknown) => void = () => {}

  constructor(config: KubeConfig) {
    super(config)
  }

  override async watch(...[path, params, told, done]: Parameters<Watch['watch']>): Promise<AbortController> {
    let isDone = false
    const end = (error: unknown) => {
      if (isDone) return
      isDone = true
      // Begun again at once by the informer, from where it was: nothing is missed unless that fails, too.
      if (!isTimeout(error)) this.isOpen = false
      done(error)
    }
    const heard: typeof told = (...event) => {
      this.heardAt = performance.now()
      told(...event)
    }
    const request = await super.watch(path, params, heard, end)
    if (!isDone) {
      this.heardAt = performance.now()
      if (!this.isOpen) this.openedAt = this.heardAt
      this.isOpen = true
      this.end = end
    }
    return request
  }

  renew(): void {
    this.end(new DOMException('begun anew', 'TimeoutError'))
  }
}

const isTimeout = (error: unknown) => error instanceof Error && error.name === 'TimeoutError'
