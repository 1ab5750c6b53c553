import { NONE, randomStream, shuffledRows, type Trace } from '../sim/index.ts'

/**
 * The classes of the tasks that are submitted to a cell until `target` units of a resource have been asked for, in order: all tasks
 * of the trace, each once, shuffled by seed; then clones of tasks drawn with replacement, until the next draw would pass the
 * target. A trace that asks for more loses tasks drawn at random. Protocol of Weng et al. (ATC '23), artifact, which compares a
 * draw's request on one device, not on all of its devices.
 */
export function fillOrder(trace: Trace, resource: number, target: number, seed: number): Int32Array {
  const { runs, classes } = trace
  const request = classes.request[resource]
  const isGpu = trace.resources[resource].name === 'gpu'
  const firsts: number[] = []
  for (let run = 0; run < runs.count; run++) if (runs.previous[run] === NONE) firsts.push(runs.class[run])
  const order = Array.from(shuffledRows(firsts.length, randomStream(seed, 'fill')), (row) => firsts[row])
  let asked = order.reduce((sum, taskClass) => sum + request[taskClass], 0)
  const draw = randomStream(seed, 'tune')
  while (asked > target) {
    const [gone] = order.splice(Math.floor(draw() * order.length), 1)
    asked -= request[gone]
  }
  if (asked > 0) {
    for (;;) {
      const clone = firsts[Math.floor(draw() * firsts.length)]
      if (asked + (isGpu ? classes.milli[clone] : request[clone]) > target) break
      order.push(clone)
      asked += request[clone]
    }
  }
  return Int32Array.from(order)
}
