import { float64, int32, uint8 } from '../sim/index.ts'
import { ByteNames } from './byte-names.ts'
import { readTime } from './google-2011-time.ts'
import { wrongAt } from './place.ts'
import { readFields } from './read-fields.ts'

/** The job table as columns, one entry a row, in the order of the files. */
export interface JobRows {
  readonly read: number
  /** Microseconds; 0 is "already so before the trace", Infinity "after its end". */
  readonly time: Float64Array
  /** The job's id in the trace. */
  readonly job: Float64Array
  /** The event types are those of the task table. */
  readonly kind: Uint8Array
  /** Row in `users`. */
  readonly user: Int32Array
  readonly users: ByteNames
}

const KINDS = { least: 0, most: 8 }

/**
 * Reads `job_events`: time, missing info, job, event type, user, scheduling class, logical name. A first line of names, which
 * the official parts have not, is passed over. Throws InputError on bad input.
 */
export async function readJobRows(files: readonly string[]): Promise<JobRows> {
  const time = float64()
  const job = float64()
  const kind = uint8()
  const user = int32()
  const users = new ByteNames()
  let read = 0
  for (const file of files) {
    read += await readFields(file, (fields, place) => {
      if (fields.count < 7) throw wrongAt(place, `too few columns: ${fields.count} (a job row has at least 7)`)
      if (place.line === 1 && fields.text(0) === 'time_us') return
      time.push(readTime(fields, place))
      job.push(fields.integer(2, 'job', place))
      kind.push(fields.within(3, 'job event type', place, KINDS))
      user.push(fields.name(users, 4))
    })
  }
  return { read, time: time.done(), job: job.done(), kind: kind.done(), user: user.done(), users }
}
