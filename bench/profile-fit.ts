import { mkdir, writeFile } from 'node:fs/promises'
import { argv } from 'node:process'
import { parse, View } from 'vega'
import { compile, type TopLevelSpec } from 'vega-lite'
import { InputError } from '../sim/index.ts'
import { compareProfile, type Marginals, openTrace, type ProfileName } from '../workloads/index.ts'

/** Holds a built-in profile against its source: `node bench/profile-fit.ts PATH` prints the table and draws docs/images/profile-*.svg. */

const SEEDS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]
const POINTS = 200
const NAMES: Readonly<Record<string, ProfileName>> = { 'google-2011': 'google-2011', 'alibaba-gpu-2023': 'openb' }
/** Which pictures are drawn: file, marginal, and what the value axis says, with units by `scale`. */
const PICTURES = [
  {
    file: 'cpu',
    marginal: 'cpu request, by task',
    axis: { 'google-2011': ['CPU request (largest machine = 1)', 1e9], openb: ['CPU request (CPUs)', 1000] },
  },
  {
    file: 'memory',
    marginal: 'memory request, by task',
    axis: { 'google-2011': ['memory request (largest machine = 1)', 1e9], openb: ['memory request (GiB)', 1024] },
  },
  { file: 'gpu', marginal: 'gpu request, by task', axis: { openb: ['GPU request (GPUs)', 1000] } },
  { file: 'priority', marginal: 'priority, by task', axis: { 'google-2011': ['priority', 1] } },
  { file: 'size', marginal: 'job size, by job', axis: { 'google-2011': ['tasks of the job', 1] } },
  {
    file: 'gap',
    marginal: 'inter-arrival, by job',
    axis: { 'google-2011': ['time since the last job (s)', 1e6], openb: ['time since the last job (s)', 1e6] },
  },
] as const satisfies readonly { file: string; marginal: string; axis: Partial<Record<ProfileName, readonly [string, number]>> }[]
const LOGARITHMIC = new Set(['size', 'gap', 'memory', 'cpu', 'run-time'])
const COLOURS = ['#1f4e79', '#d9822b']

interface Point {
  readonly x: number
  readonly share: number
  readonly of: string
}

const path = argv[2]
if (!path) throw new InputError('usage: node bench/profile-fit.ts PATH')
const trace = await openTrace(path)
const name = NAMES[trace.format]
if (!name) throw new InputError(`${path}: no profile is fitted to a trace of format ${trace.format}`)

const compared = SEEDS.map((seed) => compareProfile(name, trace, { seed }))
const cut = SEEDS.map((seed) => compareProfile(name, trace, { seed, cut: true }))
printTable()
await draw()

function printTable(): void {
  const [{ real, generated }] = compared
  const worst = (values: readonly number[]) => Math.max(...values.map(Math.abs)).toFixed(3)
  const middle = (values: readonly number[]) =>
    values
      .map(Math.abs)
      .sort((a, b) => a - b)
      [values.length >> 1].toFixed(3)
  console.log(
    `${name}: real ${real.jobs} jobs, ${real.tasks} tasks; generated with seed ${SEEDS[0]} ${generated.jobs} jobs, ${generated.tasks} tasks`,
  )
  console.log(`| marginal | median of ${SEEDS.length} seeds | worst | worst, runs cut at the window's end |\n| --- | --- | --- | --- |`)
  for (const marginal of Object.keys(compared[0].distances)) {
    const of = (from: typeof compared) => from.map(({ distances }) => distances[marginal])
    console.log(`| ${marginal} | ${middle(of(compared))} | ${worst(of(compared))} | ${worst(of(cut))} |`)
  }
  console.log('\n| Spearman correlation | real | generated, least | most | furthest from real |\n| --- | --- | --- | --- | --- |')
  for (const [pair, value] of Object.entries(real.correlations)) {
    const values = compared.map((one) => one.generated.correlations[pair])
    const far = worst(compared.map(({ drifts }) => drifts[pair]))
    console.log(`| ${pair} | ${value.toFixed(3)} | ${Math.min(...values).toFixed(3)} | ${Math.max(...values).toFixed(3)} | ${far} |`)
  }
}

async function draw(): Promise<void> {
  const folder = new URL('../docs/images/', import.meta.url)
  await mkdir(folder, { recursive: true })
  const [{ real, generated }] = compared
  const sides: readonly (readonly [string, Marginals])[] = [
    ['real', real],
    ['generated', generated],
  ]
  for (const { file, marginal, axis } of PICTURES) {
    const labels: Partial<Record<ProfileName, readonly [string, number]>> = axis
    const label = labels[name]
    if (!label) continue
    const points = sides.flatMap(([of, side]) => steps(side.samples[marginal], label[1]).map((point) => ({ ...point, of })))
    await picture(
      new URL(`profile-${name}-${file}.svg`, folder),
      points,
      label[0],
      `${marginal.replace(/.*, by/, 'share of')}s at most so`,
      LOGARITHMIC.has(file),
    )
  }
  const runTimes = sides.flatMap(([of, { runTime }]) =>
    steps(runTime.time, 1e6, (i) => 1 - runTime.survival[i]).map((point) => ({ ...point, of })),
  )
  await picture(new URL(`profile-${name}-run-time.svg`, folder), runTimes, 'run time (s)', 'share of runs ended', true)
}

/** Points of the distribution, thinned to what a picture can show. */
function steps(values: ArrayLike<number>, scale: number, share = (i: number) => (i + 1) / values.length): Omit<Point, 'of'>[] {
  const sorted = Float64Array.from(values).sort()
  const step = Math.max(1, sorted.length / POINTS)
  const rows = new Set(Array.from({ length: Math.ceil(sorted.length / step) }, (_, i) => Math.min(sorted.length - 1, Math.floor(i * step))))
  return [...rows, sorted.length - 1].map((row) => ({ x: sorted[row] / scale, share: share(row) }))
}

async function picture(file: URL, points: readonly Point[], x: string, y: string, isLogarithmic: boolean): Promise<void> {
  const spec: TopLevelSpec = {
    width: 360,
    height: 220,
    background: 'white',
    data: { values: points.filter((point) => !isLogarithmic || point.x > 0).map((point) => ({ ...point })) },
    mark: { type: 'line', interpolate: 'step-after', strokeWidth: 2 },
    encoding: {
      x: {
        field: 'x',
        type: 'quantitative',
        title: x,
        scale: { type: isLogarithmic ? 'log' : 'linear', nice: false },
        axis: { tickCount: 6, format: '~g' },
      },
      y: { field: 'share', type: 'quantitative', title: y, scale: { domain: [0, 1] } },
      color: {
        field: 'of',
        type: 'nominal',
        title: null,
        sort: ['real', 'generated'],
        scale: { range: COLOURS },
        legend: { orient: 'bottom-right' },
      },
      strokeDash: {
        field: 'of',
        type: 'nominal',
        sort: ['real', 'generated'],
        scale: {
          range: [
            [1, 0],
            [5, 3],
          ],
        },
      },
      order: { field: 'share', type: 'quantitative' },
    },
  }
  const view = new View(parse(compile(spec).spec), { renderer: 'none' })
  await writeFile(file, `${await view.toSVG()}\n`)
}
