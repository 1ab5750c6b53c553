import type { Comparison, Contrast } from '../experiments/index.ts'
import { formatDuration } from './format-duration.ts'
import { formatCount, formatNumber, formatShare } from './format-number.ts'
import { meanOver } from './over-seeds.ts'
import { decidedByMachines, type Ranked, ranking } from './ranking.ts'

/** What the comparison found, in words that claim no more than its statistics do. */
export interface Answer {
  /** One sentence with the number in it. */
  readonly headline: string
  /** Short sentences: against the next and the worst, and how far to trust it. */
  readonly details: readonly string[]
}

/** Says which combination did best, by how much, and whether that is more than noise. */
export function answer(comparison: Comparison): Answer {
  const measure = decidedByMachines(comparison) ? machinesNeeded : wait
  // What was never asked how many machines it needs, as the trace's own placements, has no place in that contest.
  const ranked = ranking(comparison).filter((entry) => measure === wait || entry.machinesNeeded !== null)
  const [best] = ranked
  if (best === undefined) return { headline: 'Nothing was run.', details: [] }
  const found = ranked.length === 1 ? alone(best, measure, comparison.command) : against(best, ranked.slice(1), measure)
  return { ...found, details: [...rejections(ranked), ...found.details] }
}

/** What was turned away waits nowhere and needs no machine while it is away, so the others' figures are not of the same work. */
function rejections(ranked: readonly Ranked[]): string[] {
  const rejecting = ranked.filter(({ rows }) => rows.some(({ result }) => result.admission.rejected > 0))
  if (rejecting.length === 0) return []
  const counts = rejecting.map(
    (entry) => `${entry.label} ${formatCount(Math.round(meanOver(entry.rows, ({ result }) => result.admission.rejected) ?? 0), 'job')}`,
  )
  return [`Not the same work: admission turned jobs away under ${list(counts)}, and their tasks are in no wait.`]
}

interface Measure {
  /** The value as a phrase: `312 machines`, and with its measure: `a mean wait of 3 s`. */
  value(entry: Ranked): string
  named(entry: Ranked): string
  difference(amount: number): string
  readonly wins: string
  readonly less: string
  readonly unit: string
  context(entry: Ranked): string[]
}

const machinesNeeded: Measure = {
  value: ({ machinesNeeded: needed }) => (needed?.p90 == null ? 'more than there are' : formatCount(needed.p90, 'machine')),
  named: (entry) => machinesNeeded.value(entry),
  difference: (machines) => formatNumber(machines),
  wins: 'needs the fewest machines',
  less: 'fewer',
  unit: 'machines needed',
  context: ({ machinesNeeded: needed, rows }) => {
    if (needed === null || needed.p90 === null) return []
    const cell = rows[0].result.machines
    const share =
      cell === 0
        ? ''
        : needed.p90 > cell
          ? `, more than the cell's ${formatNumber(cell)}`
          : `, ${formatShare(needed.p90 / cell)} of the cell's ${formatNumber(cell)}`
    const trials = `${formatNumber(needed.p90)} is the 90th percentile of ${formatCount(needed.trials.length, 'trial')} (${range(needed.min, needed.max)})${share}`
    return [`${trials}; by capacity alone, the same percentile is ${formatNumber(needed.lowerBound)}.`]
  },
}

const wait: Measure = {
  value: ({ rows }) => formatDuration(meanOver(rows, (row) => row.result.wait.all?.meanAtLeast)),
  named: (entry) => `a mean wait of ${wait.value(entry)}`,
  difference: formatDuration,
  wins: 'has the shortest mean wait',
  less: 'less',
  unit: 'mean wait',
  context: ({ machinesNeeded: needed, rows, cellName }) => {
    const has = formatCount(rows[0].result.machines, 'machine')
    const why =
      needed === null
        ? 'How many machines each needs was not asked for'
        : `No policy fitted the busiest moment's tasks into ${cellName} (${has})`
    return [
      `${why}, so this compares how long tasks waited for their first machine, those that still wait counted with what they have waited.`,
    ]
  },
}

function alone(only: Ranked, measure: Measure, command = 'compare'): Answer {
  const sentence =
    measure === wait
      ? `Under ${only.label} a task waited ${measure.value(only)} on average.`
      : `${only.label} needs ${measure.value(only)}.`
  const has = formatCount(only.rows[0].result.machines, 'machine')
  const unfit = only.machinesNeeded === null ? [] : [`The busiest moment's tasks did not fit ${only.cellName} (${has}).`]
  const details = measure === wait ? unfit : measure.context(only)
  return {
    headline: sentence,
    details: command === 'compare' ? [...details, 'Only one policy was run, so there is nothing to compare it with.'] : details,
  }
}

function against(best: Ranked, others: readonly Ranked[], measure: Measure): Answer {
  const next = others[0]
  if (next === undefined) return alone(best, measure)
  const ties = others.filter((entry) => entry.contrast?.verdict === 'noise' || entry.contrast?.verdict === 'equal')
  const allEqual = others.every((entry) => entry.contrast?.verdict === 'equal')
  const apart = others.filter((entry) => !ties.includes(entry))
  const winner = `${best.label} ${measure.wins}: ${measure.value(best)}`
  if (allEqual)
    return {
      headline: `All ${formatNumber(others.length + 1)} are equal: ${measure.named(best)} each, at every seed.`,
      details: measure.context(best),
    }
  if (ties.length === 0) {
    return {
      headline: unfitted(next, measure)
        ? `${winner}; under no other policy did the tasks fit ${best.cellName}.`
        : `${winner}, ${phrase(next, measure)} than ${next.label}, the next best.`,
      details: [
        ...(unfitted(next, measure) ? [] : [trust(next.contrast, measure)]),
        ...worstSentences(best, others.slice(1), measure),
        ...measure.context(best),
      ].filter((text) => text !== ''),
    }
  }
  // Seven names in a headline are not read.
  const tied =
    ties.length < 4 ? list([best, ...ties].map((entry) => entry.label)) : `${ties.length + 1} of the ${others.length + 1} policies`
  const exact = ties.every((entry) => entry.contrast?.verdict === 'equal')
  const widest = ties.reduce((a, b) => ((b.contrast?.difference ?? 0) > (a.contrast?.difference ?? 0) ? b : a))
  const spread =
    ties.length < 4 ? ties.map((entry) => difference(entry, measure)).join('; ') : `the largest is ${difference(widest, measure)}`
  const last = apart.at(-1)
  // A tie that differs by more than the last that does not is worse for all that is known.
  const place = (widest.contrast?.difference ?? 0) > (last?.contrast?.difference ?? 0) ? 'the worst that can be told apart' : 'the worst'
  return {
    headline: exact
      ? `${tied} are equally good: ${measure.named(best)}${last === undefined || unfitted(last, measure) ? '' : `, ${phrase(last, measure)} than ${last.label}, ${place}`}.`
      : `No clear winner: ${tied} cannot be told apart, at ${measure === wait ? '' : 'about '}${measure.named(best)}${last === undefined || unfitted(last, measure) ? '' : `; ${last.label}, ${place}, ${measure === wait ? 'waits' : 'needs'} ${difference(last, measure, false)} more`}.`,
    details: [
      exact ? 'They gave the same at every seed.' : `The differences from ${best.label} in ${measure.unit} may be noise: ${spread}.`,
      ...worstSentences(best, apart, measure, place),
      ...measure.context(best),
    ].filter((text) => text !== ''),
  }
}

/** `5.2 fewer`, from the contrast, whose difference is what the other has more. */
const phrase = (entry: Ranked, measure: Measure): string =>
  entry.contrast === null ? measure.less : `${measure.difference(entry.contrast.difference)} ${measure.less}`

function trust(contrast: Contrast | null, measure: Measure): string {
  if (contrast === null) return ''
  if (contrast.verdict === 'deterministic') {
    return 'The difference is deterministic: no seed can move it, so there is no interval, and nothing here says how another trace would turn out.'
  }
  const interval =
    contrast.interval === null
      ? ''
      : ` (95\u00a0% interval ${range(...contrast.interval, measure)}, paired over ${formatCount(contrast.seeds, 'seed')})`
  return `That is more than noise${interval}.`
}

/** Some trial of it did not fit the whole cell, so a difference in machines would be less than the truth. */
const unfitted = (entry: Ranked, measure: Measure): boolean => measure === machinesNeeded && entry.machinesNeeded?.p90 === null

function worstSentences(best: Ranked, others: readonly Ranked[], measure: Measure, superlative = 'the worst'): string[] {
  const failed = others.filter((entry) => unfitted(entry, measure))
  const worst = others.findLast((entry) => !failed.includes(entry) && entry.contrast !== null)
  const place = failed.length > 0 ? 'the worst that fitted' : superlative
  return [
    ...(worst === undefined ? [] : [`Against ${worst.label}, ${place}, ${best.label} saves ${difference(worst, measure)}.`]),
    ...(failed.length === 0 ? [] : [`Under ${list(failed.map((entry) => entry.label))} the tasks did not fit ${best.cellName}.`]),
  ]
}

function difference(entry: Ranked, measure: Measure, withName = true): string {
  const { contrast, label } = entry
  if (contrast === null) return label
  const amount = measure === wait ? measure.difference(contrast.difference) : formatCount(contrast.difference, 'machine')
  if (!withName) return amount
  const interval = contrast.interval === null ? '' : ` (95\u00a0% interval ${range(...contrast.interval, measure)})`
  return contrast.verdict === 'noise' || contrast.verdict === 'equal'
    ? `${label} ${measure.difference(contrast.difference)} more${interval}`
    : `${amount}${interval}`
}

function range(low: number | null, high: number | null, measure: Measure = machinesNeeded): string {
  if (low === null || high === null) return 'not every trial fitted'
  return low === high ? measure.difference(low) : `${measure.difference(low)} to ${measure.difference(high)}`
}

const list = (names: readonly string[]): string =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
