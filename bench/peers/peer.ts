interface Sizes {
  readonly hosts: number
  readonly events: number
  readonly jobs: number
}

/** The same work in both; each call is a process of its own and gives seconds. */
interface Work {
  readonly name: string
  readonly theirs: () => Promise<number>
  readonly ours: () => Promise<number>
}

/** Another simulator that installs from its ordinary registry. */
export interface Peer {
  readonly name: string
  /** Fetches and builds it. Throws Missing where that cannot be done. */
  readonly prepare: () => Promise<void>
  readonly work: (sizes: Sizes) => readonly Work[]
}
