import { kubePlugins } from '../policies/index.ts'
import { translateCluster } from '../workloads/index.ts'
import { type Decision, ForcedScheduler } from './forced-scheduler.ts'
import type { RecordedDecision, Recording } from './recording.ts'

/** Where the simulator and the recorded scheduler disagree. */
export interface Difference {
  readonly pod: string
  readonly what: string
  readonly recorded: string
  readonly simulated: string
}

export interface ReplayResult {
  readonly file: string
  readonly scheduler: string
  readonly title: string
  readonly decisions: number
  /** How many single scores of nodes by plugins were compared, totals among them. */
  readonly scores: number
  readonly placed: number
  readonly unschedulable: number
  /** Messages of unschedulable pods that were compared. */
  readonly messages: number
  readonly preemptions: number
  /** Decisions with several nodes at the best score, and those where the simulator took the recorded one of them. */
  readonly ties: number
  readonly tiesEqual: number
  readonly differences: readonly Difference[]
}

const SIMULATED = new Set(['total', ...kubePlugins.map(({ name }) => name)])

/** From this minor version on ties are no matter of chance. */
const TIES_ARE_FIXED = 35

/**
 * Holds every recorded decision against the simulator's, each from the state that the recorded scheduler was in: what was
 * decided is placed, whatever the simulator would have done, so that one difference does not hide the next.
 */
export function replayRecording(recording: Recording): ReplayResult {
  const { minor, nodes, cluster, decisions } = recording
  const trace = translateCluster(cluster, recording.title)
  const scheduler = new ForcedScheduler(trace, recording.profile)
  const rowOf = new Map(trace.machines.id.map((id, row) => [id, row]))
  const rows = nodes.map(({ metadata }) => rowOf.get(metadata?.name ?? '') ?? -1)
  const runOf = new Map(trace.runs.task.length > 0 ? trace.jobs.id.map((id, run) => [id.replace(/^default\//, ''), run]) : [])
  const named = (row: number) => (row < 0 ? 'none' : trace.machines.id[row])
  const run = (pod: string): number => {
    const found = runOf.get(pod)
    if (found === undefined) throw new Error(`no such pod in the recording: ${pod}`)
    return found
  }
  const differences: Difference[] = []
  const tally = { scores: 0, placed: 0, unschedulable: 0, messages: 0, preemptions: 0, ties: 0, tiesEqual: 0 }

  for (const decision of decisions) {
    const { pod } = decision
    const told = (what: string, recorded: string, simulated: string) => differences.push({ pod, what, recorded, simulated })
    const ours = scheduler.decide(run(pod))
    const isPreemption = decision.victims !== undefined && decision.victims.length > 0
    if (isPreemption) {
      tally.preemptions++
      compareMessage(decision.firstMessage, ours)
      comparePreemption(decision)
    } else if (decision.node === null) {
      tally.unschedulable++
      compareMessage(decision.message, ours)
      const { all } = scheduler.evictions(run(pod))
      if (all.length > 0) told('preemption', 'none', all.map(({ machine }) => named(machine)).join(', '))
    } else compareChoice(decision, decision.node, ours)
    for (const victim of decision.victims ?? []) scheduler.release(run(victim))
    if (decision.node === null) continue
    tally.placed++
    scheduler.place(run(pod), rows[decision.node])

    function compareMessage(message: string | undefined, { feasible }: Decision): void {
      if (feasible.length > 0) {
        told('feasible', '0 nodes', `${feasible.length} nodes: ${Array.from(feasible, named).join(', ')}`)
        return
      }
      if (message === undefined) return
      tally.messages++
      const [said] = message.split(/ (?:no new claims|preemption:)/)
      const simulated = scheduler.message(run(pod))
      if (said !== simulated) told('message', said, simulated)
    }

    function comparePreemption({ nominated, victims = [] }: RecordedDecision): void {
      const { cheapest } = scheduler.evictions(run(pod))
      const chosen = cheapest.find(({ machine }) => machine === rows[nominated ?? -1])
      if (!chosen) {
        told('node where room is made', named(rows[nominated ?? -1]), cheapest.map(({ machine }) => named(machine)).join(', ') || 'none')
        return
      }
      const simulated = chosen.victims.map((victim) => trace.jobs.id[victim].replace(/^default\//, '')).sort()
      if (simulated.join() !== [...victims].sort().join()) told('victims', [...victims].sort().join(', '), simulated.join(', '))
    }

    function compareChoice({ feasible, total, scores = {} }: RecordedDecision, node: number, ours: Decision): void {
      if (feasible !== undefined && feasible !== ours.feasible.length)
        told('feasible', `${feasible} nodes`, `${ours.feasible.length} nodes`)
      if (!ours.feasible.includes(rows[node])) told('node', named(rows[node]), `does not fit there: ${scheduler.message(run(pod))}`)
      if (total !== undefined) {
        compareScores('total', total, ours.total)
        for (const name of new Set([...Object.keys(scores), ...ours.terms.keys()])) compareScores(name, scores[name], ours.terms.get(name))
      }
      const best = Math.max(...ours.total)
      const ties = ours.feasible.filter((_, i) => ours.total[i] === best)
      if (!ties.includes(rows[node])) told('node', named(rows[node]), Array.from(ties, named).join(' or '))
      else if (ties.length > 1) {
        tally.ties++
        if (ours.chosen === rows[node]) tally.tiesEqual++
        else if (minor >= TIES_ARE_FIXED) told('node among equals', named(rows[node]), named(ours.chosen))
      }
    }

    function compareScores(
      name: string,
      recorded: readonly (number | null)[] | number | undefined,
      simulated: Float64Array | undefined,
    ): void {
      // A plugin that is not simulated must have added nothing: DynamicResources scores 0 for pods without claims.
      if (simulated === undefined && !SIMULATED.has(name) && [recorded].flat().every((score) => !score)) return
      if (recorded === undefined || simulated === undefined) {
        told(name, recorded === undefined ? 'skipped' : 'scored', simulated === undefined ? 'skipped' : 'scored')
        return
      }
      for (const [index, row] of rows.entries()) {
        const place = ours.feasible.indexOf(row)
        const mine = place < 0 ? null : simulated[place]
        const theirs = typeof recorded === 'number' ? (mine === null ? null : recorded) : recorded[index]
        if (mine !== null) tally.scores++
        if (mine !== theirs) told(`${name} on ${named(row)}`, String(theirs), String(mine))
      }
    }
  }
  const { file, scheduler: version, title } = recording
  return { file, scheduler: version, title, decisions: decisions.length, ...tally, differences }
}
