import type { Cell } from './cell.ts'
import type { Admission, AdmissionPolicy, ByResource, ParameterValues } from './policy.ts'

const JOB = { unknown: 0, admitted: 1, held: 2, rejected: 3 } as const

/** Keeps each job's standing with the admission policy, what admitted jobs ask for, and the jobs that are held. */
export class AdmissionDesk {
  private readonly standing: Uint8Array
  /** Runs that have not ended, by job. */
  private readonly runsLeft: Int32Array
  private readonly asked: Float64Array
  private readonly admission: Admission
  private readonly heldJobs = new Map<number, number[]>()
  private readonly cell: Cell

  constructor(cell: Cell, policy: AdmissionPolicy, parameters: ParameterValues) {
    this.cell = cell
    const { jobs, tiers, users } = cell.trace
    this.standing = new Uint8Array(jobs.count)
    this.runsLeft = Int32Array.from(jobs.runs)
    this.asked = new Float64Array(Math.max(1, users.length) * tiers.length * cell.resources.length)
    const request: ByResource = Object.fromEntries(cell.resources.map((name, r) => [name, jobs.request[cell.resourceRows[r]]]))
    const row = (name: string) => cell.resources.indexOf(name)
    this.admission = policy.create(
      {
        resources: cell.resources,
        tiers,
        jobs: { user: jobs.user, tier: jobs.tier, request },
        capacity: (resource) => cell.totalCapacity[row(resource)],
        asked: (user, tier, resource) => this.asked[this.cellOf(user, tier, row(resource))],
      },
      parameters,
    )
  }

  get heldCount(): number {
    let count = 0
    for (const tasks of this.heldJobs.values()) count += tasks.length
    return count
  }

  /** Admits the job without asking: it was there at the opening. */
  take(job: number): void {
    if (this.standing[job] === JOB.unknown) this.admit(job)
  }

  /** Asks the policy at a job's first arrival. The answer stands for all of its runs; `isNew` where it was given just now. */
  ask(job: number): { readonly answer: 'admitted' | 'held' | 'rejected'; readonly isNew: boolean; readonly reason: string } {
    if (this.standing[job] === JOB.admitted) return ADMITTED
    if (this.standing[job] === JOB.held) return HELD
    if (this.standing[job] === JOB.rejected) return REJECTED
    const answer = this.admission.ask(job)
    if (answer === 'admit') {
      this.admit(job)
      return NEWLY_ADMITTED
    }
    if (answer === 'hold') {
      this.standing[job] = JOB.held
      this.heldJobs.set(job, [])
      return NEWLY_HELD
    }
    this.standing[job] = JOB.rejected
    return { answer: 'rejected', isNew: true, reason: answer.reject }
  }

  hold(job: number, task: number): void {
    this.heldJobs.get(job)?.push(task)
  }

  /** A run of an admitted job has ended for good; true when the job's last one has, so that held jobs may be asked again. */
  runEnded(job: number): boolean {
    if (--this.runsLeft[job] > 0) return false
    this.count(job, -1)
    return this.heldJobs.size > 0
  }

  /** Asks again for every held job, in the order in which they came. `admitted` gets the tasks of one that may enter now. */
  reconsider(
    admitted: (job: number, tasks: readonly number[]) => void,
    rejected: (job: number, reason: string, tasks: readonly number[]) => void,
  ): void {
    for (const [job, tasks] of this.heldJobs) {
      const answer = this.admission.ask(job)
      if (answer === 'hold') continue
      this.heldJobs.delete(job)
      if (answer === 'admit') {
        this.admit(job)
        admitted(job, tasks)
      } else {
        this.standing[job] = JOB.rejected
        rejected(job, answer.reject, tasks)
      }
    }
  }

  private admit(job: number): void {
    this.standing[job] = JOB.admitted
    this.count(job, 1)
  }

  private count(job: number, sign: 1 | -1): void {
    const { jobs } = this.cell.trace
    for (const [r, row] of this.cell.resourceRows.entries()) {
      this.asked[this.cellOf(jobs.user[job], jobs.tier[job], r)] += sign * jobs.request[row][job]
    }
  }

  private cellOf(user: number, tier: number, r: number): number {
    return (user * this.cell.trace.tiers.length + tier) * this.cell.resources.length + r
  }
}

const ADMITTED = { answer: 'admitted', isNew: false, reason: '' } as const
const HELD = { answer: 'held', isNew: false, reason: '' } as const
const REJECTED = { answer: 'rejected', isNew: false, reason: '' } as const
const NEWLY_ADMITTED = { answer: 'admitted', isNew: true, reason: '' } as const
const NEWLY_HELD = { answer: 'held', isNew: true, reason: '' } as const
