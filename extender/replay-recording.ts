import { DecisionComparison, type Difference, type ReplayCounts } from './decision-comparison.ts'
import type { RecordedDecision, Recording } from './recording.ts'
import { isRetried, replayEvents } from './replay-events.ts'
import { readDevices } from './serve/device-list.ts'

export interface ReplayResult extends ReplayCounts {
  readonly file: string
  readonly scheduler: string
  readonly title: string
  readonly decisions: number
  readonly differences: readonly Difference[]
}

/**
 * Holds every recorded decision against the simulator's, each from the state that the recorded scheduler was in: what was
 * decided is placed, whatever the simulator would have done, so that one difference does not hide the next.
 */
export function replayRecording(recording: Recording): ReplayResult {
  const comparison = new DecisionComparison(recording)
  if (isRetried(recording)) replayEvents(recording, comparison)
  else
    for (let i = 0; i < recording.decisions.length; i++) {
      const decision = recording.decisions[i]
      for (let left = decision.during ?? 0; left > 0 && !comparison.couldBe(decision); left--) take(recording.decisions[++i], comparison)
      take(decision, comparison)
    }
  const { file, scheduler, title } = recording
  const decisions = recording.decisions.filter(({ others }) => others === undefined)
  return { file, scheduler, title, decisions: decisions.length, ...comparison.counts, differences: comparison.differences }
}

function take(decision: RecordedDecision, comparison: DecisionComparison): void {
  const { pod, node, victims = [], others } = decision
  const { scheduler, counts, rows } = comparison
  const run = comparison.run(pod)
  const devices = (decision.devices !== undefined && readDevices(decision.devices)) || undefined
  if (others === 'went') scheduler.release(run)
  else if (others === 'came' && node !== null) scheduler.place(run, rows[node], devices)
  if (others !== undefined) return
  const ours = scheduler.decide(run)
  if (victims.length > 0) {
    counts.preemptions++
    comparison.compareMessage(pod, decision.firstMessage, ours.ranking.machines)
    comparison.compareEviction(pod, decision.nominated, victims)
  } else if (node === null) {
    counts.unschedulable++
    comparison.compareMessage(pod, decision.message, ours.ranking.machines)
    comparison.compareEviction(pod, undefined, [])
  } else {
    comparison.compareChoice(decision, node, ours)
    comparison.compareDevices(decision, rows[node])
  }
  for (const victim of victims) scheduler.release(comparison.run(victim))
  if (node === null) return
  counts.placed++
  scheduler.place(run, rows[node], devices)
}
