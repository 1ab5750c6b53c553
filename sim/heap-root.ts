/**
 * Of the first `count` machines the one that Go's container/heap holds at its root, once built over their scores in this
 * order: how kube-scheduler 1.35 and 1.36 take the best node. Of equal ones neither the first nor the last. Reorders both arrays.
 */
export function heapRoot(machines: Int32Array, scores: Float64Array, count: number): number {
  for (let start = (count >> 1) - 1; start >= 0; start--) {
    for (let parent = start; ; ) {
      let child = 2 * parent + 1
      if (child >= count) break
      if (child + 1 < count && scores[child + 1] > scores[child]) child++
      if (!(scores[child] > scores[parent])) break
      swap(machines, parent, child)
      swap(scores, parent, child)
      parent = child
    }
  }
  return machines[0]
}

function swap(column: Int32Array | Float64Array, a: number, b: number): void {
  const kept = column[a]
  column[a] = column[b]
  column[b] = kept
}
