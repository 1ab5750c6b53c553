/** Keeps what was made for a class until anything in the cell changes. */
export function perEpoch<T>(epoch: () => number, make: (taskClass: number) => T): (taskClass: number) => T {
  let asOf = -1
  let kept = new Map<number, T>()
  return (taskClass) => {
    const now = epoch()
    if (now !== asOf) {
      asOf = now
      kept = new Map()
    }
    const known = kept.get(taskClass)
    if (known !== undefined) return known
    const fresh = make(taskClass)
    kept.set(taskClass, fresh)
    return fresh
  }
}
