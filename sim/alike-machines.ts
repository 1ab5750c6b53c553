import type { Cell } from './cell.ts'
import type { TieOrder } from './tie-order.ts'
import { NONE } from './trace.ts'

/**
 * Machines that are the same in everything a score may read, as groups: one machine answers for all of its group. Each group
 * is a pairing heap by tie order (Fredman et al., Algorithmica 1, 1986), so its first machine is known while others come and go.
 */
export class AlikeMachines {
  /** By machine: its group, or NONE. */
  readonly groupOf: Int32Array
  /** By group: the first machine in tie order, NONE where there is none. */
  readonly first: Int32Array
  /** The machine's first child in its heap, its next sibling, and its previous sibling or else its parent. */
  private readonly child: Int32Array
  private readonly next: Int32Array
  private readonly previous: Int32Array
  /** A chain of groups for each value of the hash. */
  private readonly chain: Int32Array
  private readonly nextInChain: Int32Array
  private readonly hash: Int32Array
  /** The group that was last joined. */
  private latest: number = NONE
  /** Groups that were and are no more; those from `begun` on have not been yet. */
  private readonly unused: Int32Array
  private unusedCount = 0
  private begun = 0
  private readonly cell: Cell
  private readonly free: readonly Float64Array[]
  private readonly ties: TieOrder

  constructor(cell: Cell, price: number, ties: TieOrder) {
    const { machines } = cell
    this.cell = cell
    this.free = cell.free[price]
    this.ties = ties
    const none = () => new Int32Array(machines).fill(NONE)
    this.groupOf = none()
    this.first = none()
    this.child = none()
    this.next = none()
    this.previous = none()
    this.nextInChain = none()
    this.hash = new Int32Array(machines)
    this.chain = new Int32Array(2 ** Math.ceil(Math.log2(machines + 1))).fill(NONE)
    this.unused = new Int32Array(machines)
  }

  get groups(): number {
    return this.begun - this.unusedCount
  }

  /** Puts the machine into the group of those like it; true where it is the first of its kind. All members must be as they were when they joined. */
  join(machine: number): boolean {
    const { latest } = this
    // Machines that come one after the other are often alike: in a cell that is empty, say.
    const isLike = latest !== NONE && this.first[latest] !== NONE && this.alike(this.first[latest], machine)
    const group = isLike ? latest : this.groupLike(machine)
    const isNew = this.first[group] === NONE
    this.latest = group
    this.groupOf[machine] = group
    this.child[machine] = NONE
    this.next[machine] = NONE
    this.previous[machine] = NONE
    this.first[group] = this.meld(this.first[group], machine)
    return isNew
  }

  /** Takes the machine out of its group; true where nobody is left in it. */
  leave(machine: number): boolean {
    const { child, first, next, previous } = this
    const group = this.groupOf[machine]
    this.groupOf[machine] = NONE
    const rest = this.meldAll(child[machine])
    if (first[group] === machine) first[group] = rest
    else {
      const before = previous[machine]
      if (child[before] === machine) child[before] = next[machine]
      else next[before] = next[machine]
      if (next[machine] !== NONE) previous[next[machine]] = before
      first[group] = this.meld(first[group], rest)
    }
    if (first[group] !== NONE) return false
    this.forget(group)
    return true
  }

  /** The first machine of a group, by tie order, on which `siblings` counts nothing. */
  firstWithout(group: number, siblings: Uint16Array): number {
    const { child, next } = this
    const { place } = this.ties
    let found: number = NONE
    const open = [this.first[group]]
    for (let machine = open.pop(); machine !== undefined; machine = open.pop()) {
      if (found !== NONE && place[machine] > place[found]) continue
      if (siblings[machine] === 0) found = machine
      // Children stand behind their parent, so they matter only where it may not be taken.
      else for (let one = child[machine]; one !== NONE; one = next[one]) open.push(one)
    }
    return found
  }

  /** The group of those like the machine, or a new one. */
  private groupLike(machine: number): number {
    const { chain, hash, nextInChain } = this
    const own = this.hashOf(machine)
    const link = own & (chain.length - 1)
    let group = chain[link]
    while (group !== NONE && !(hash[group] === own && this.alike(this.first[group], machine))) group = nextInChain[group]
    if (group !== NONE) return group
    group = this.unusedCount > 0 ? this.unused[--this.unusedCount] : this.begun++
    hash[group] = own
    nextInChain[group] = chain[link]
    chain[link] = group
    return group
  }

  private forget(group: number): void {
    const { chain, nextInChain } = this
    const link = this.hash[group] & (chain.length - 1)
    if (chain[link] === group) chain[link] = nextInChain[group]
    else {
      let before = chain[link]
      while (nextInChain[before] !== group) before = nextInChain[before]
      nextInChain[before] = nextInChain[group]
    }
    this.unused[this.unusedCount++] = group
  }

  /** Two heaps as one: the root that stands later becomes the other's first child. */
  private meld(one: number, other: number): number {
    if (one === NONE) return other
    if (other === NONE) return one
    const { child, next, previous } = this
    const { place } = this.ties
    const root = place[one] < place[other] ? one : other
    const under = root === one ? other : one
    next[under] = child[root]
    if (child[root] !== NONE) previous[child[root]] = under
    previous[under] = root
    child[root] = under
    return root
  }

  /** A list of siblings as one heap: in pairs from the first, then all from the last. */
  private meldAll(firstOfList: number): number {
    const { next, previous } = this
    let pairs: number = NONE
    for (let one = firstOfList; one !== NONE; ) {
      const other = next[one]
      const after = other === NONE ? NONE : next[other]
      next[one] = NONE
      if (other !== NONE) next[other] = NONE
      const pair = this.meld(one, other)
      next[pair] = pairs
      pairs = pair
      one = after
    }
    let root: number = NONE
    while (pairs !== NONE) {
      const after = next[pairs]
      next[pairs] = NONE
      root = this.meld(root, pairs)
      pairs = after
    }
    if (root !== NONE) previous[root] = NONE
    return root
  }

  private hashOf(machine: number): number {
    const { deviceFree, deviceStart } = this.cell
    let hash = 0
    for (let r = 0; r < this.free.length; r++) hash = mix(hash, this.free[r][machine])
    for (let d = deviceStart[machine]; d < deviceStart[machine + 1]; d++) hash = mix(hash, deviceFree[d])
    return hash ^ (hash >>> 15)
  }

  private alike(one: number, other: number): boolean {
    const { capacity, deviceFree, deviceStart, gpuTasks, taskCount, trace } = this.cell
    for (let r = 0; r < this.free.length; r++) {
      if (this.free[r][one] !== this.free[r][other] || capacity[r][one] !== capacity[r][other]) return false
    }
    if (taskCount[one] !== taskCount[other] || trace.machines.model[one] !== trace.machines.model[other]) return false
    const devices = deviceStart[one + 1] - deviceStart[one]
    if (deviceStart[other + 1] - deviceStart[other] !== devices) return false
    for (let d = 0; d < devices; d++) if (deviceFree[deviceStart[one] + d] !== deviceFree[deviceStart[other] + d]) return false
    for (let n = 0; n <= devices; n++) if (gpuTasks[deviceStart[one] + one + n] !== gpuTasks[deviceStart[other] + other + n]) return false
    return true
  }
}

/** Amounts may be beyond 32 bits. */
function mix(hash: number, amount: number): number {
  return Math.imul(hash ^ (amount | 0) ^ ((amount / 2 ** 32) | 0), 0x9e3779b1) ^ (hash >>> 13)
}
