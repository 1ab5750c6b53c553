import { mkdir, writeFile } from 'node:fs/promises'
import { parse, View } from 'vega'
import { compile, type TopLevelSpec } from 'vega-lite'

/** What packing one cell came to: medians over the runs, and the ends of the rate. */
export interface GrowthPoint {
  readonly packing: string
  readonly hosts: number
  readonly placements_per_second: number
  readonly least: number
  readonly most: number
  readonly peak_memory_bytes: number
  readonly runs: number
}

const FOLDER = new URL('../docs/images/', import.meta.url)

/** Draws rate and memory by the size of the cell, both axes logarithmic. */
export async function drawGrowth(points: readonly GrowthPoint[]): Promise<void> {
  await mkdir(FOLDER, { recursive: true })
  const rows = points.map((point) => ({ ...point, mebibytes: point.peak_memory_bytes / 2 ** 20 }))
  await picture('growth-placements.svg', rows, { field: 'placements_per_second', title: 'placements a second' })
  await picture('growth-memory.svg', rows, { field: 'mebibytes', title: 'peak memory (MiB)' })
}

async function picture(name: string, values: readonly object[], y: { readonly field: string; readonly title: string }): Promise<void> {
  const logarithmic = { type: 'log', nice: false } as const
  const spec: TopLevelSpec = {
    width: 480,
    height: 300,
    background: 'white',
    data: { values: values.map((value) => ({ ...value })) },
    encoding: {
      x: { field: 'hosts', type: 'quantitative', title: 'hosts', scale: logarithmic, axis: { format: '~s' } },
      y: { ...y, type: 'quantitative', scale: logarithmic, axis: { format: '~s' } },
      color: { field: 'packing', type: 'nominal', title: null },
    },
    layer: [
      { mark: { type: 'line', strokeWidth: 2, point: true } },
      ...(y.field === 'placements_per_second'
        ? [
            {
              mark: { type: 'rule' as const },
              encoding: { y: { field: 'least', type: 'quantitative' as const, title: y.title }, y2: { field: 'most' } },
            },
          ]
        : []),
    ],
  }
  const view = new View(parse(compile(spec).spec), { renderer: 'none' })
  await writeFile(new URL(name, FOLDER), `${await view.toSVG()}\n`)
}
