import { type End, float64, int32, NONE, type TraceBuilder, uint8 } from '../sim/index.ts'
import type { CountBy } from './count-by.ts'
import { EVICT, FAIL, FINISH, KILL, LOST, SCHEDULE, SUBMIT, type TaskRows, UPDATE_PENDING, UPDATE_RUNNING } from './google-2011-tasks.ts'

/** A run that the trace lost sight of is gone for its owner as if killed. */
const END_OF = new Map<number, End>([
  [FAIL, 'fail'],
  [FINISH, 'finish'],
  [KILL, 'kill'],
  [LOST, 'kill'],
])

/**
 * Turns task rows into runs, and into the intervals in which the trace had them on a machine. A SUBMIT that does not
 * follow an EVICT begins a run. Rows that a lost row left without sense are mended, and counted: a SCHEDULE after an end
 * begins a run; a SUBMIT without the end before it ends the run before as lost. A run preplaced on a machine that, says the
 * machine table (`isThere`: 1), is not there at the opening has no machine; its record keeps it. Tells the counts to be shown.
 */
export function addRuns(builder: TraceBuilder, rows: TaskRows, isThere: Uint8Array, skipped: CountBy): Record<string, number> {
  const { start } = rows
  const run = { task: int32(), shape: int32(), arrival: float64(), previous: int32(), preplaced: uint8(), machine: int32() }
  const scheduled = float64()
  const ended = float64()
  const endKind = uint8()
  const interval = { run: int32(), machine: int32(), from: float64(), to: float64() }
  /** The run's interval that is still open, or NONE. */
  const open = int32()
  const current = new Int32Array(rows.count).fill(NONE)
  const last = new Uint8Array(rows.count)
  let pending = 0
  let mended = 0

  const begin = (task: number, shape: number, arrival: number): number => {
    const previous = current[task]
    run.task.push(task)
    run.shape.push(shape)
    run.arrival.push(previous === NONE ? arrival : arrival - ended.get(previous))
    run.previous.push(previous)
    run.preplaced.push(0)
    run.machine.push(NONE)
    scheduled.push(Number.NaN)
    ended.push(Number.NaN)
    endKind.push(0)
    open.push(NONE)
    current[task] = run.task.length - 1
    return current[task]
  }
  const enter = (row: number, machine: number, time: number): void => {
    leave(row, time)
    scheduled.set(row, time)
    open.set(row, interval.run.length)
    interval.run.push(row)
    interval.machine.push(machine)
    interval.from.push(time)
    interval.to.push(Number.POSITIVE_INFINITY)
  }
  const leave = (row: number, time: number): void => {
    if (open.get(row) !== NONE) interval.to.set(open.get(row), time)
    open.set(row, NONE)
  }
  const preplace = (row: number, machine: number): void => {
    run.preplaced.set(row, 1)
    run.machine.set(row, machine)
    enter(row, machine, start)
  }
  const finish = (row: number, time: number, kind: number): void => {
    leave(row, time)
    ended.set(row, time)
    endKind.set(row, kind)
  }

  for (let r = 0; r < rows.time.length; r++) {
    const task = rows.task[r]
    const kind = rows.kind[r]
    const machine = rows.machine[r]
    const beforeTrace = rows.time[r] === 0
    const time = beforeTrace ? start : rows.time[r]
    let row = current[task]
    const isFirst = row === NONE
    const hasEnded = !isFirst && !Number.isNaN(ended.get(row))

    if (isFirst) {
      row = begin(task, rows.shape[r], kind === SUBMIT ? time : start)
      if ((kind >= EVICT && kind <= LOST) || kind === UPDATE_RUNNING) preplace(row, machine)
      else if (kind !== SUBMIT && !beforeTrace) pending++
    } else if (kind === SUBMIT && last[task] !== EVICT) {
      if (!hasEnded) {
        finish(row, time, LOST)
        mended++
      }
      row = begin(task, rows.shape[r], time)
    } else if (hasEnded) {
      if (kind !== SCHEDULE) {
        skipped.add('task row after the end of its run')
        continue
      }
      row = begin(task, rows.shape[r], time)
      mended++
    }

    if (kind === UPDATE_RUNNING) skipped.add('change of a running task’s request')
    else if (kind === UPDATE_PENDING) run.shape.set(row, rows.shape[r])
    else last[task] = kind
    if (kind === SCHEDULE && beforeTrace) preplace(row, machine)
    else if (kind === SCHEDULE) enter(row, machine, time)
    else if (kind === EVICT) leave(row, time)
    else if (kind >= FAIL && kind <= LOST) finish(row, time, kind)
  }

  for (let task = 0; task < rows.count; task++) builder.task(rows.jobOf[task], rows.indexOf[task])
  let neverScheduled = 0
  let censored = 0
  let preplaced = 0
  let placeUnknown = 0
  let placeMissing = 0
  for (let row = 0; row < run.task.length; row++) {
    const from = scheduled.get(row)
    const to = ended.get(row)
    const isOpen = Number.isNaN(to)
    if (Number.isNaN(from)) neverScheduled++
    else if (isOpen) censored++
    const on = run.machine.get(row)
    const isMissing = on !== NONE && isThere[on] === 0
    if (run.preplaced.get(row) === 1) {
      preplaced++
      if (on === NONE) placeUnknown++
      if (isMissing) placeMissing++
    }
    builder.run({
      task: run.task.get(row),
      class: builder.class(rows.shapes[run.shape.get(row)]),
      arrival: run.arrival.get(row),
      runTime: Number.isNaN(from) ? Number.NaN : isOpen ? Number.POSITIVE_INFINITY : to - from,
      end: isOpen ? 'none' : (END_OF.get(endKind.get(row)) ?? 'none'),
      previous: run.previous.get(row),
      preplaced: run.preplaced.get(row) === 1,
      machine: isMissing ? NONE : on,
    })
  }
  for (let i = 0; i < interval.run.length; i++) {
    builder.recorded(interval.run.get(i), interval.machine.get(i), interval.from.get(i), interval.to.get(i))
  }
  return {
    runs: run.task.length,
    'never scheduled': neverScheduled,
    preplaced,
    'preplaced, machine unknown': placeUnknown,
    'preplaced, machine not in the cell': placeMissing,
    'pending at the opening': pending,
    censored,
    'mended runs': mended,
  }
}
