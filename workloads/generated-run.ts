/** One run of a task. The generator gives the same object again and again: take what is needed before the next one. */
export interface GeneratedRun {
  /** Arrival, microseconds; of a run that comes again (`again`), the time since the end of the run just before it. */
  time: number
  /** Counted from 0, in the order of arrival; at the opening first. */
  job: number
  /** Within the job. */
  index: number
  /** Row in the profile's classes. */
  class: number
  user: number
  /** Microseconds. */
  runTime: number
  /** Index into ENDS. */
  end: number
  /** True where this is the same task as the run just before it. */
  again: boolean
  /** True where it is in the cell when the window opens. */
  preplaced: boolean
}
