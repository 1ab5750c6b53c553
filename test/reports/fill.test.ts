import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { test } from 'node:test'
import type { FillContrast, Filling, FillRun } from '../../experiments/index.ts'
import { fillAnswer } from '../../reports/fill-answer.ts'
import { fillCharts } from '../../reports/fill-charts.ts'
import { fillCsv } from '../../reports/fill-csv.ts'
import { terminalFillTable } from '../../reports/index.ts'
import { renderSvg } from '../../reports/render-svg.ts'

/** Two policies that allocate up to `most` percent of what is asked for, seeds a tenth of a point apart. */
function filled(verdict: FillContrast['verdict'] = 'better'): Filling {
  const run = (packing: string, most: number, seed: number): FillRun => {
    const percents = Array.from({ length: 131 }, (_, percent) => percent)
    const allocated = percents.map((percent) => Math.min(percent, most + seed / 10))
    const byCause = [1, 2].map((part) => percents.map((percent) => (100 - allocated[percent]) / 10 / part))
    const fragmentation = percents.map((percent) => byCause[0][percent] + byCause[1][percent])
    const curve = {
      allocated,
      byCause,
      fragmentation,
      fragmentationRatio: fragmentation,
      failed: percents.map((percent) => Math.max(0, percent - most)),
    }
    return { list: 'default', packing, tie: 'random', seed, curve }
  }
  const contrast = (percent: number): FillContrast => ({
    ...{ list: 'default', tie: 'random', percent, best: 'fgd', other: '=tetris' },
    ...{ difference: 5, interval: [4.5, 5.5], holm: 0.01, verdict },
  })
  return {
    stowage: '0.0.0',
    command: 'fill',
    trace: { path: 'cell', format: 'csv', machines: 3, resource: 'gpu', capacity: 24, lists: [{ name: 'default', tasks: 99 }] },
    options: { to: '130%' },
    percents: [100, 130],
    causes: ['too little CPU', 'rest too small'],
    runs: [run('=tetris', 90, 1), run('=tetris', 90, 2), run('fgd', 95, 1), run('fgd', 95, 2)],
    contrasts: [contrast(100), contrast(130)],
  }
}

for (const [name, chart] of Object.entries(fillCharts)) {
  test(`${name} is drawn as it was reviewed (UPDATE=1 takes the new one)`, async () => {
    const text = `${JSON.stringify(chart(filled()), null, 1)}\n`
    const file = new URL(`expected/${name}.vl.json`, import.meta.url)
    if (process.env.UPDATE === '1') writeFileSync(file, text)
    assert.equal(text, readFileSync(file, 'utf8'))
  })

  test(`${name} renders to the same bytes each time, on a wide page and a narrow one`, async () => {
    for (const width of [860, 340]) {
      const spec = chart(filled(), width)
      assert.ok(spec)
      const svg = await renderSvg(spec, name)
      assert.equal(svg, await renderSvg(spec, name))
      assert.doesNotMatch(svg, /NaN|undefined|Infinity/)
      assert.ok(Number(/width="([\d.]+)"/.exec(svg)?.[1]) <= width * 1.12)
    }
  })
}

test('the best is named with its lead, or that there is none', () => {
  assert.equal(fillAnswer(filled()).headline, 'fgd allocates most, 95.15 % of the cell’s GPU: 5.00 points more than =tetris.')
  assert.match(fillAnswer(filled('noise')).headline, /^No clear winner: fgd and =tetris cannot be told apart/)
})

test('the table is best first, with the difference and its interval', () => {
  const lines = terminalFillTable(filled(), { colour: false }).split('\n')
  assert.ok(lines.findIndex((line) => line.startsWith('fgd ')) < lines.findIndex((line) => line.startsWith('=tetris ')))
  assert.ok(lines.some((line) => line.includes('−5.00 ± 0.50')))
})

test('a name that a spreadsheet would run is escaped', () => {
  const rows = fillCsv(filled()).trimEnd().split('\n')
  assert.equal(rows.length, 1 + 4 * 131)
  assert.match(rows[1], /^default,"?'=tetris"?,random,1,0,0,/)
})
