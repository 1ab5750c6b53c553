import type { Filling } from '../experiments/index.ts'
import type { Answer } from './answer.ts'
import { fillRanking, meanAt } from './fill-ranking.ts'
import { formatNumber } from './format-number.ts'
import { resourceName } from './resource-name.ts'

/** What the fill found, in words that claim no more than its statistics do. */
export function fillAnswer(filling: Filling): Answer {
  const ranked = fillRanking(filling)
  const at = filling.percents.length - 1
  const percent = filling.percents[at]
  const resource = resourceName(filling.trace.resource)
  const points = (value: number) => `${formatNumber(value, 2)} points`
  const sentences = groups(ranked).map((group) => {
    const [best, next] = group
    const where = new Set(ranked.map(({ list, tie }) => `${list}, ${tie}`)).size > 1 ? ` (${best.list}, ${best.tie})` : ''
    const allocated = `${formatNumber(meanAt(best.runs, 'allocated', percent), 2)} % of the cell’s ${resource}`
    if (!next) return `${best.packing} allocates ${allocated} when ${percent} % is asked for${where}.`
    const contrast = next.contrasts[at]
    if (contrast === null || contrast.verdict === 'noise' || contrast.verdict === 'equal')
      return `No clear winner: ${best.packing} and ${next.packing} cannot be told apart, at ${allocated}${where}.`
    return `${best.packing} allocates most, ${allocated}: ${points(contrast.difference)} more than ${next.packing}${where}.`
  })
  const [headline = 'Nothing was run.', ...details] = sentences
  const worst = groups(ranked)[0]?.at(-1)
  const contrast = worst?.contrasts[at]
  if (!contrast || details.length > 0 || ranked.length < 3) return { headline, details }
  const [least, most] = contrast.interval ?? [contrast.difference, contrast.difference]
  return {
    headline,
    details: [
      `${worst.packing} allocates least: ${points(contrast.difference)} fewer (95 % interval ${formatNumber(least, 2)} to ${formatNumber(most, 2)}).`,
    ],
  }
}

/** Policies that compete: on the same list, under the same tie-break. */
function groups<Entry extends { readonly list: string; readonly tie: string }>(ranked: readonly Entry[]): readonly (readonly Entry[])[] {
  return [...Map.groupBy(ranked, ({ list, tie }) => `${list}\n${tie}`).values()]
}
