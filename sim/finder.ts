/** One way to the best machine; whichever is taken, the answer is that of a scan over all machines (`PlainAllocator`). */
export interface Finder {
  /** Machines looked at so far. */
  readonly examined: number
  /** How often more had to be asked than what was remembered; absent where that is at every decision. */
  readonly searches?: number
  /** The machine with room, of highest score, first by the tie-break; NONE where none has room. */
  find(taskClass: number): number
  /** The same, where only machines with `allowed[machine]` may be taken; absent where no scores are kept to choose by. */
  findAmong?(taskClass: number, allowed: Uint8Array): number
  /** Does beforehand what a later `find` would have to, a little of it; false where nothing is left that `lag` changes make worth it. */
  freshen?(lag: number): boolean
}
