import type { TopLevelSpec } from 'vega-lite'
import type { Comparison } from '../../experiments/index.ts'
import { chartTitle } from '../chart-title.ts'
import { formatNumber } from '../format-number.ts'
import { lineColours } from '../line-colours.ts'
import { ranking } from '../ranking.ts'
import { firstSeedNote } from '../seeds.ts'
import { THEME, WIDE } from '../theme.ts'
import { thin } from '../thin.ts'

/** How many tasks wait, over time. Null where nobody ever waited. */
export function pending(comparison: Comparison, width = WIDE): TopLevelSpec | null {
  const colours = lineColours(ranking(comparison))
  const values = colours.drawn.flatMap((entry, depth) => {
    const { series } = entry.rows[0].result
    return thin(series.pending.length, 240).map((i) => ({
      policy: entry.label,
      name: colours.nameOf(entry),
      depth,
      hours: Number(((series.time[i] ?? 0) / 3600).toPrecision(5)),
      tasks: series.pending[i] ?? 0,
    }))
  })
  const peak = values.reduce((most, value) => (value.tasks > most.tasks ? value : most), { tasks: 0, policy: '', hours: 0 })
  if (peak.tasks === 0) return null
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    title: chartTitle(
      `The longest queue: ${formatNumber(peak.tasks)} tasks, ${formatNumber(peak.hours, 1)} hours in, under ${peak.policy}`,
      `Tasks waiting for a machine.${firstSeedNote(comparison)}`,
      width,
    ),
    width: width - 70,
    height: 170,
    data: { values },
    mark: { type: 'line', interpolate: 'step-after', tooltip: true },
    encoding: {
      x: {
        field: 'hours',
        type: 'quantitative',
        title: 'hours from the opening',
        scale: { nice: false },
        axis: { grid: false, tickCount: Math.round(width / 90), ticks: true, tickColor: 'currentColor', tickOpacity: 0.4 },
      },
      y: { field: 'tasks', type: 'quantitative', title: null, axis: { format: ',d', tickCount: 4 } },
      detail: { field: 'depth', type: 'ordinal' },
      color: {
        field: 'name',
        type: 'nominal',
        scale: colours.scale,
        legend: { title: null, symbolType: 'stroke', columns: width < 500 ? 1 : 4 },
      },
      strokeWidth: { condition: { test: `datum.name === ${JSON.stringify(colours.scale.domain[0])}`, value: 2.2 }, value: 1.4 },
      tooltip: [
        { field: 'policy' },
        { field: 'hours', type: 'quantitative', format: ',.1f' },
        { field: 'tasks', type: 'quantitative', format: ',d' },
      ],
    },
    config: THEME,
  }
}
