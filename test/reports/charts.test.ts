import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { test } from 'node:test'
import { charts } from '../../reports/charts.ts'
import { renderSvg } from '../../reports/render-svg.ts'
import { fixture } from './fixture.ts'

const small = fixture({ policies: ['best-fit', 'first-fit', 'random', 'tetris', 'worst-fit'], machines: 12, samples: 5, instants: 2 })

for (const [name, chart] of Object.entries(charts)) {
  test(`${name} is drawn as it was reviewed (UPDATE=1 takes the new one)`, async () => {
    const spec = chart(small)
    assert.ok(spec)
    const text = `${JSON.stringify(spec, null, 1)}\n`
    const file = new URL(`expected/${name}.vl.json`, import.meta.url)
    if (process.env.UPDATE === '1') writeFileSync(file, text)
    assert.equal(text, readFileSync(file, 'utf8'))
  })

  test(`${name} renders to the same bytes each time, on a wide page and a narrow one`, async () => {
    for (const width of [860, 340]) {
      const spec = chart(small, width)
      assert.ok(spec)
      const svg = await renderSvg(spec, name)
      assert.equal(svg, await renderSvg(spec, name))
      assert.doesNotMatch(svg, /NaN|undefined|Infinity/)
      const drawn = Number(/width="([\d.]+)"/.exec(svg)?.[1])
      assert.ok(drawn <= width * 1.12, `${drawn} pixels for ${width}`)
    }
  })
}

test('a chart with nothing to show is null', () => {
  const { rows, ...rest } = fixture({ withMachinesNeeded: false })
  const quiet = {
    ...rest,
    rows: rows.map((row) => ({
      ...row,
      result: {
        ...row.result,
        evictions: {},
        picture: null,
        series: { ...row.result.series, pending: row.result.series.pending.map(() => 0) },
      },
    })),
  }
  for (const name of ['machines-needed', 'evictions', 'pending', 'cell'] as const) assert.equal(charts[name](quiet), null)
})

test('one seed of one policy can be drawn', async () => {
  for (const [name, chart] of Object.entries(charts)) {
    const spec = chart(fixture({ policies: ['best-fit'], seeds: 1 }))
    assert.ok(spec, name)
    await renderSvg(spec, name)
  }
})
