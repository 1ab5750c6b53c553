import type { FillContrast, Filling } from '../experiments/index.ts'
import { type FilledBy, fillRanking, meanAt } from './fill-ranking.ts'
import { formatNumber } from './format-number.ts'
import { resourceName } from './resource-name.ts'
import type { Column, Table } from './table.ts'

/** A row a policy, best first within its list and tie-break: what it allocated, against the best, and what it left unusable. */
export function fillTable(filling: Filling): Table {
  const { percents, trace } = filling
  const ranked = fillRanking(filling)
  const resource = resourceName(trace.resource)
  const columns: (Column & { readonly cell: (entry: FilledBy) => string })[] = [
    { heading: 'policy', kind: 'text', meaning: 'With its list and tie-break where those differ.', cell: ({ label }) => label },
    ...percents.flatMap((percent, i) => [
      {
        heading: `${resource} at ${percent}%`,
        kind: 'number' as const,
        meaning: `${resource} allocated, in percent of the cell, when ${percent} % of it had been asked for: mean over seeds.`,
        cell: ({ runs }: FilledBy) => formatNumber(meanAt(runs, 'allocated', percent), 2),
      },
      ...(filling.contrasts.length === 0
        ? []
        : [
            {
              heading: 'against best',
              kind: 'number' as const,
              meaning:
                'Mean difference paired by seed, ± half its 95 % interval, and whether it is more than noise after Holm’s correction.',
              cell: ({ contrasts }: FilledBy) => againstBest(contrasts[i]),
            },
          ]),
    ]),
    ...(trace.resource === 'gpu'
      ? [
          {
            heading: 'unusable GPU',
            kind: 'number' as const,
            meaning: `Free GPU that typical tasks cannot use, in percent of what is free, when ${percents[0]} % had been asked for.`,
            cell: ({ runs }: FilledBy) => formatNumber(meanAt(runs, 'fragmentationRatio', percents[0]), 1),
          },
        ]
      : []),
    {
      heading: 'failed tasks',
      kind: 'number',
      meaning: 'Tasks that found no room, when everything had been asked for: mean over seeds.',
      cell: ({ runs }) => formatNumber(meanAt(runs, 'failed', percents[percents.length - 1]), 0),
    },
  ]
  return { columns, rows: ranked.map((entry) => columns.map(({ cell }) => cell(entry))) }
}

function againstBest(contrast: FillContrast | null): string {
  if (contrast === null) return 'best'
  const { difference, interval, verdict } = contrast
  if (verdict === 'equal') return 'equal'
  const half = interval === null ? '' : ` ± ${formatNumber((interval[1] - interval[0]) / 2, 2)}`
  return `${formatNumber(-difference, 2)}${half}${verdict === 'noise' ? ', noise' : ''}`
}
