import type { TopLevelSpec } from 'vega-lite'
import type { Comparison } from '../../experiments/index.ts'
import { chartTitle } from '../chart-title.ts'
import { ABSENT_BYTE, decodePicture, meanUse, picturedResources } from '../decode-picture.ts'
import { formatCount, formatNumber } from '../format-number.ts'
import { ranking } from '../ranking.ts'
import { resourceName } from '../resource-name.ts'
import { firstSeedNote } from '../seeds.ts'
import { OVERFULL, THEME, USE_RAMP, WIDE } from '../theme.ts'
import { usedResources } from '../used-resources.ts'

/** More rectangles than this make an SVG of many megabytes that looks no better. */
const RECTANGLES = 3_600

/** Every machine at the fullest instant, a panel a combination, fullest machines first. Several neighbours share a cell in a large cell. */
export function cell(comparison: Comparison, width = WIDE): TopLevelSpec | null {
  const pictured = ranking(comparison).flatMap(({ label, rows }) => {
    const picture = rows[0].result.picture
    return picture === null || picture.machine.length === 0 || picture.time.length === 0 ? [] : [{ label, picture }]
  })
  const [first] = pictured
  if (first === undefined) return null
  const [resource] = picturedResources(first.picture, usedResources(comparison)).sort(
    (a, b) => peakUse(first, b).use - peakUse(first, a).use,
  )
  if (resource === undefined) return null
  const { instant } = peakUse(first, resource)
  const perCell = Math.ceil((first.picture.machine.length * pictured.length) / RECTANGLES)
  const columnsOfCells = Math.ceil(Math.sqrt((first.picture.machine.length / perCell) * 1.9))
  const sorted = pictured.map(({ label, picture }) => ({
    label,
    used: decodePicture(picture, resource)
      .at(instant)
      .filter((byte) => byte !== ABSENT_BYTE)
      .sort((a, b) => b - a),
  }))
  const values = sorted.flatMap(({ label, used }) =>
    Array.from({ length: Math.ceil(used.length / perCell) }, (_, i) => ({
      policy: label,
      column: i % columnsOfCells,
      row: Math.floor(i / columnsOfCells),
      used: Number(meanUse(used.subarray(i * perCell, (i + 1) * perCell)).toFixed(3)),
    })),
  )
  const rowsOfCells = Math.max(...values.map((value) => value.row)) + 1
  const columns = width < 500 ? 2 : Math.min(pictured.length, 4)
  const side = Math.max(2, Math.floor((width - 24 * (columns - 1)) / columns / columnsOfCells))
  const empty = sorted.map(({ label, used }) => ({ label, machines: used.filter((byte) => byte === 0).length }))
  const edge = (field: string, by: number) => `datum.${field} + ${by}`
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    title: chartTitle(finding(empty, resource), reading(comparison, perCell, (first.picture.time[instant] ?? 0) / 3600, resource), width),
    data: { values },
    transform: [
      { calculate: edge('column', 0.88), as: 'columnEnd' },
      { calculate: edge('row', 0.88), as: 'rowEnd' },
    ],
    facet: {
      field: 'policy',
      type: 'nominal',
      sort: sorted.map(({ label }) => label),
      title: null,
      header: { labelLimit: side * columnsOfCells, labelFontSize: 12 },
    },
    columns,
    spacing: 24,
    spec: {
      width: side * columnsOfCells,
      height: side * rowsOfCells,
      mark: { type: 'rect' },
      encoding: {
        x: { field: 'column', type: 'quantitative', scale: { domain: [0, columnsOfCells], nice: false }, axis: null },
        x2: { field: 'columnEnd' },
        y: { field: 'row', type: 'quantitative', scale: { domain: [rowsOfCells, 0], nice: false }, axis: null },
        y2: { field: 'rowEnd' },
        color: {
          condition: { test: 'datum.used > 1.005', value: OVERFULL },
          field: 'used',
          type: 'quantitative',
          scale: { domain: [0, 1], range: [...USE_RAMP], clamp: true },
          legend: {
            title: `${resourceName(resource)} requested, share of the machine`,
            format: '.0%',
            gradientLength: 200,
            gradientThickness: 10,
            tickCount: 3,
            titleLimit: 320,
          },
        },
      },
    },
    config: THEME,
  }
}

function peakUse(
  { picture }: { readonly picture: Parameters<typeof decodePicture>[0] },
  resource: string,
): { instant: number; use: number } {
  const decoded = decodePicture(picture, resource)
  return picture.time.map((_, instant) => ({ instant, use: meanUse(decoded.at(instant)) })).reduce((a, b) => (b.use > a.use ? b : a))
}

function finding(empty: readonly { label: string; machines: number }[], resource: string): string {
  const ordered = [...empty].sort((a, b) => b.machines - a.machines)
  const [most] = ordered
  const least = ordered.at(-1)
  if (most === undefined || least === undefined) return 'The cell'
  const free = (machines: number) =>
    `${machines === 0 ? 'no machine' : formatCount(machines, 'machine')} free of any ${resourceName(resource)} request`
  if (most.machines === least.machines)
    return `At the fullest instant there ${formatNumber(most.machines) === '1' || most.machines === 0 ? 'is' : 'are'} ${free(most.machines)}${empty.length > 1 ? ', whatever the policy' : ''}`
  return `At the fullest instant ${most.label} leaves ${free(most.machines)}, ${least.label} ${least.machines === 0 ? 'none' : formatNumber(least.machines)}`
}

const reading = (comparison: Comparison, perCell: number, hours: number, resource: string): string =>
  `${perCell === 1 ? 'One square a machine' : `One square is the mean of ${formatNumber(perCell)} machines`}, fullest first, ${formatNumber(hours, 1)} hours from the opening, when most ${resourceName(resource)} was requested; orange where a machine is over its capacity.${firstSeedNote(comparison)}`
