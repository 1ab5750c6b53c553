import { NONE, type Trace } from '../sim/index.ts'

/**
 * The runs that would be alive, had nobody waited, at the instant when the largest share of any resource of the whole cell is
 * asked for; in queue order (priority, arrival, row). The set that `machines needed` packs: the same for every policy.
 */
export function peakSet(trace: Trace): Int32Array {
  const { runs, classes } = trace
  const from = new Float64Array(runs.count)
  const to = new Float64Array(runs.count)
  for (let run = 0; run < runs.count; run++) {
    const before = runs.previous[run]
    // A later run stands after its predecessor in the table, so that one's end is known.
    from[run] = runs.preplaced[run] ? trace.start : before === NONE ? runs.arrival[run] : to[before] + runs.arrival[run]
    to[run] = from[run] + runs.runTime[run]
  }
  const alive = rows(runs.count, (run) => to[run] > from[run] && from[run] <= trace.end)
  const starts = alive.slice().sort((a, b) => from[a] - from[b] || a - b)
  const ends = alive.slice().sort((a, b) => compare(to[a], to[b]) || a - b)
  const instant = peakInstant(trace, from, to, starts, ends)
  return alive
    .filter((run) => from[run] <= instant && instant < to[run])
    .sort((a, b) => classes.priority[runs.class[b]] - classes.priority[runs.class[a]] || from[a] - from[b] || a - b)
}

/** The first instant at which the dominant share is largest. */
function peakInstant(trace: Trace, from: Float64Array, to: Float64Array, starts: Int32Array, ends: Int32Array): number {
  const constraining = trace.resources.flatMap(({ constrains }, r) => (constrains ? [r] : []))
  const whole = constraining.map((r) => trace.machines.capacity[r].reduce((sum, capacity) => sum + capacity, 0))
  const asked = constraining.map(() => 0)
  const count = (run: number, sign: number) => {
    for (const [i, r] of constraining.entries()) asked[i] += sign * trace.classes.request[r][trace.runs.class[run]]
  }
  let instant = trace.start
  let largest = 0
  let ended = 0
  for (let i = 0; i < starts.length; i++) {
    const time = from[starts[i]]
    while (ended < ends.length && to[ends[ended]] <= time) count(ends[ended++], -1)
    count(starts[i], 1)
    if (i + 1 < starts.length && from[starts[i + 1]] === time) continue
    const share = Math.max(...asked.map((sum, r) => (whole[r] > 0 ? sum / whole[r] : 0)))
    if (share > largest) {
      largest = share
      instant = time
    }
  }
  return instant
}

function rows(count: number, keep: (row: number) => boolean): Int32Array {
  const kept: number[] = []
  for (let row = 0; row < count; row++) if (keep(row)) kept.push(row)
  return Int32Array.from(kept)
}

/** Infinity equals itself. */
function compare(a: number, b: number): number {
  return a === b ? 0 : a - b
}
