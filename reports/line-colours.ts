import type { Ranked } from './ranking.ts'
import { BEST, OTHERS, PALETTE, WORST } from './theme.ts'

/** The key of a chart of lines: what each combination's line is called there, and the colour of each name. */
export interface LineColours {
  nameOf(entry: Ranked): string
  readonly scale: { readonly domain: string[]; readonly range: string[] }
  /** The combinations to draw, the ones that matter last and so on top. */
  readonly drawn: readonly Ranked[]
  readonly isHighlight: (entry: Ranked) => boolean
}

/** Up to four lines have a colour each; among more, only the best and the worst, since eight colours cannot be told apart. */
export function lineColours(ranked: readonly Ranked[]): LineColours {
  const drawn = [...ranked].reverse()
  if (ranked.length <= 4) {
    const domain = ranked.map((entry) => entry.label)
    return { nameOf: (entry) => entry.label, scale: { domain, range: PALETTE.slice(0, domain.length) }, drawn, isHighlight: () => true }
  }
  const best = ranked[0]
  const worst = ranked.at(-1)
  const rest = `the other ${ranked.length - 2}`
  const verdict = ranked[1]?.contrast?.verdict
  // First in the table is not best where the difference may be noise.
  const bestName = `${best?.label} (${verdict === 'noise' || verdict === 'equal' ? 'first in the table' : 'best'})`
  const worstName = `${worst?.label} (worst)`
  return {
    nameOf: (entry) => (entry === best ? bestName : entry === worst ? worstName : rest),
    scale: { domain: [bestName, worstName, rest], range: [BEST, WORST, OTHERS] },
    drawn: [...ranked.slice(1, -1), ...(worst === undefined ? [] : [worst]), ...(best === undefined ? [] : [best])],
    isHighlight: (entry) => entry === best || entry === worst,
  }
}
