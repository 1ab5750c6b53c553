import { NONE } from '../sim/index.ts'
import type { DecisionComparison } from './decision-comparison.ts'
import type { Recording } from './recording.ts'

/** Whether pods were tried again after they had found no room, so that decisions are not in the order of submission. */
export function isRetried({ events, decisions }: Recording): boolean {
  const evicting = new Set(decisions.filter(({ victims }) => victims).map(({ pod }) => pod))
  const failed = new Set<string>()
  return events.some(([kind, pod]) => {
    if (kind === 'nofit' && !evicting.has(pod)) failed.add(pod)
    return kind === 'try' && failed.has(pod)
  })
}

/**
 * The same by the scheduler's own log: each attempt is compared where it stands. Pods that wait for their victims to go hold
 * their room against those of no higher priority, as in kube-scheduler.
 */
export function replayEvents({ events, decisions }: Recording, comparison: DecisionComparison): void {
  const { scheduler, rows, trace, counts } = comparison
  const nominated = new Map<number, number>()
  /** Victims that were told to go and are still there, by the pod that they make room for. */
  const leaving = new Map<number, Set<number>>()
  /** Machine of each pod that is bound. */
  const placed = new Map<number, number>()
  const foreseen = new Set<string>()
  const priority = (run: number) => trace.classes.priority[trace.runs.class[run]]
  const besideNominated = <T>(run: number, ask: () => T): T => {
    const held = [...nominated].filter(([other]) => other !== run && priority(other) >= priority(run))
    for (const [other, machine] of held) scheduler.count(other, machine, 1)
    const answer = ask()
    for (const [other, machine] of held) scheduler.count(other, machine, -1)
    return answer
  }
  const outcome = (from: number, pod: string) =>
    events.slice(from + 1).find(([kind, other]) => other === pod && (kind === 'bind' || kind === 'nofit' || kind === 'nominate'))

  for (const [at, [kind, pod]] of events.entries()) {
    const run = comparison.run(pod)
    if (kind === 'gone') {
      if (placed.delete(run)) scheduler.release(run)
      for (const victims of leaving.values()) victims.delete(run)
    } else if (kind === 'try') {
      const result = outcome(at, pod)
      if (!result) continue
      const feasible = besideNominated(run, () => scheduler.decide(run).ranking.machines)
      const waitsAt = nominated.get(run) ?? NONE
      if (result[0] === 'bind') {
        const node = Number(result[2])
        const decision = decisions.find((one) => one.pod === pod)
        counts.placed++
        if (feasible.includes(waitsAt)) {
          if (waitsAt !== rows[node]) comparison.tell(pod, 'node', comparison.named(rows[node]), comparison.named(waitsAt))
        } else if (decision) comparison.compareChoice(decision, node, { ranking: scheduler.rank(run, feasible), chosen: rows[node] })
        nominated.delete(run)
        leaving.delete(run)
        placed.set(run, rows[node])
        scheduler.place(run, rows[node])
      } else {
        counts.unschedulable++
        comparison.compareMessage(pod, undefined, feasible)
        // Who has victims on their way out waits for them and evicts no others.
        if ((leaving.get(run)?.size ?? 0) > 0) continue
        const node = result[0] === 'nominate' ? Number(result[2]) : undefined
        const victims = node === undefined ? [] : besideNominated(run, () => victimsOn(node, pod))
        if (node !== undefined) counts.preemptions++
        besideNominated(run, () => comparison.compareEviction(pod, node, victims))
        if (node === undefined) continue
        for (const [other, machine] of nominated) if (machine === rows[node] && priority(other) < priority(run)) nominated.delete(other)
        nominated.set(run, rows[node])
        for (const victim of victims) foreseen.add(`${victim} for ${pod}`)
        leaving.set(run, new Set(victims.map((victim) => comparison.run(victim))))
      }
    }
  }

  for (const [kind, pod, about] of events)
    if (kind === 'evict' && !foreseen.has(`${about} for ${pod}`)) comparison.tell(pod, 'victims', String(about), 'none')

  /** Whom the pod evicts from the node, of those who are there now: the log may tell so after it tells that they are gone, or the pod bound. */
  function victimsOn(node: number, pod: string): readonly string[] {
    const told = events.filter(
      ([kind, other, about]) => kind === 'evict' && other === pod && placed.get(comparison.run(String(about))) === rows[node],
    )
    const victims = [...new Set(told.map(([, , about]) => String(about)))]
    // Where it is nominated there once more, others follow; they must turn up then.
    const ours = scheduler.evictions(comparison.run(pod)).cheapest.find(({ machine }) => machine === rows[node])?.victims ?? []
    const first = victims.filter((victim) => ours.includes(comparison.run(victim)))
    const isRepeated = events.filter(([kind, other, about]) => kind === 'nominate' && other === pod && about === node).length > 1
    return isRepeated && first.length === ours.length ? first : victims
  }
}
