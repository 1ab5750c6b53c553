import { Command, InvalidArgumentError } from 'commander'
import { type FillRun, fill, fillCell, mean } from '../experiments/index.ts'
import type { Tie } from '../sim/index.ts'
import { PUBLISHED, PUBLISHED_POLICIES, PUBLISHED_RATIOS } from './fgd-published.ts'
import { openbLists } from './openb-lists.ts'
import { count } from './read-flag.ts'

/**
 * The table of Weng et al. (ATC '23), 14 lists × 6 policies, ours beside theirs; the fragmentation ratios; and how much tie-break and
 * truncation decide. `npm run bench:fgd [-- --seeds 10 --lists default,cpu250]`.
 */
const flags = new Command('bench:fgd')
  .description('the table of the FGD paper, ours beside theirs')
  .option('--seeds <n>', 'how many experiments of each', count, 10)
  .option('--lists <names>', 'lists of tasks, separated by commas', listNames, Object.keys(PUBLISHED))
  .parse()
  .opts<{ readonly seeds: number; readonly lists: readonly string[] }>()
const began = performance.now()
const seeds = Array.from({ length: flags.seeds }, (_, i) => 42 + i)
const { lists } = flags

const runs = await fills(lists, PUBLISHED_POLICIES, 'seeded-order', 1)
const seconds = (performance.now() - began) / 1000
for (const percent of [100, 130] as const) printTable(percent)
printRatios()
const { user, system } = process.cpuUsage()
const peak = process.resourceUsage().maxRSS / 2 ** 10
console.log(
  `\n${runs.length} experiments in ${seconds.toFixed(1)} s (${((user + system) / 1e6).toFixed(0)} CPU-seconds, ${((user + system) / 1e6 / runs.length).toFixed(2)} s each), peak memory ${peak.toFixed(0)} MiB`,
)
await timeOne()
await printSensitivity()

function listNames(text: string): readonly string[] {
  const names = text.split(',')
  const unknown = names.find((name) => !Object.hasOwn(PUBLISHED, name))
  if (unknown !== undefined) throw new InvalidArgumentError(`(no list is named ${unknown}; have ${Object.keys(PUBLISHED).join(', ')})`)
  return names
}

/** One experiment by itself, in a process that is warm. */
async function timeOne(): Promise<void> {
  const [{ trace }] = await openbLists(['default'])
  const times = [42, 43, 44, 45, 46].map((seed) => {
    const from = performance.now()
    fillCell(trace, { packing: 'fgd', tie: 'seeded-order', scoreStep: 1, seed, resource: 'gpu', to: 1.3 })
    return (performance.now() - from) / 1000
  })
  const [first] = times
  const median = times.sort((a, b) => a - b)[2]
  console.log(`One experiment, default list, fgd: ${first.toFixed(2)} s the first, ${median.toFixed(2)} s the median of five`)
}

async function fills(names: readonly string[], packing: readonly string[], tie: Tie, scoreStep: number): Promise<readonly FillRun[]> {
  return fill({ lists: await openbLists(names), packing, ties: [tie], seeds, scoreStep, resource: 'gpu', to: 1.3 })
}

function allocatedBy(from: readonly FillRun[], list: string, packing: string, percent: number): number {
  return mean(from.filter((run) => run.list === list && run.packing === packing).map(({ curve }) => curve.allocated[percent]))
}

function printTable(percent: 100 | 130): void {
  console.log(`\nAllocated GPU % when ${percent} % has arrived: ours (ours − published), mean over ${seeds.length} seeds\n`)
  console.log(`| list | ${PUBLISHED_POLICIES.join(' | ')} |\n| --- |${' ---: |'.repeat(PUBLISHED_POLICIES.length)}`)
  let furthest = { by: 0, where: '' }
  for (const list of lists) {
    const cells = PUBLISHED_POLICIES.map((packing, i) => {
      const ours = allocatedBy(runs, list, packing, percent)
      const difference = ours - PUBLISHED[list][percent][i]
      if (Math.abs(difference) > Math.abs(furthest.by)) furthest = { by: difference, where: `${packing} on ${list}` }
      return `${ours.toFixed(2)} (${signed(difference)})`
    })
    console.log(`| ${list} | ${cells.join(' | ')} |`)
  }
  const above = lists.filter((list) => allocatedBy(runs, list, 'fgd', percent) > allocatedBy(runs, list, 'fgd-best-fit', percent))
  console.log(
    `\nFurthest from published: ${signed(furthest.by)}, ${furthest.where}. fgd above fgd-best-fit on ${above.length} of ${lists.length} lists.`,
  )
}

function printRatios(): void {
  if (!lists.includes('default')) return
  console.log('\nFragmentation ratio %, default list: ours (published)\n\n| policy | 50 | 80 | 90 |\n| --- | ---: | ---: | ---: |')
  for (const [packing, published] of Object.entries(PUBLISHED_RATIOS)) {
    const own = runs.filter((run) => run.list === 'default' && run.packing === packing)
    const cells = [50, 80, 90].map(
      (percent, i) => `${mean(own.map(({ curve }) => curve.fragmentationRatio[percent])).toFixed(1)} (${published[i].toFixed(1)})`,
    )
    console.log(`| ${packing} | ${cells.join(' | ')} |`)
  }
}

/** The default list under other tie-breaks and without truncation, with what the reference measured. */
async function printSensitivity(): Promise<void> {
  const variants: readonly (readonly [string, Tie, number, string])[] = [
    ['fgd', 'seeded-order', 1, '95.17'],
    ['fgd', 'lowest-id', 1, '95.03'],
    ['fgd', 'random', 1, '89.76'],
    ['fgd', 'seeded-order', 0, '93.60'],
    ['fgd', 'random', 0, '89.44'],
    ['fgd-best-fit', 'random', 1, '92.78'],
    ['typical-fill', 'seeded-order', 1, '–'],
    ['typical-fill', 'random', 1, '–'],
    ['typical-fill', 'seeded-order', 0, '–'],
  ]
  console.log('\nDefault list, 100 % arrived, by tie-break and score step; beside it what a re-implementation of the artifact measured\n')
  console.log('| policy | tie | score step | allocated % | re-implementation |\n| --- | --- | ---: | ---: | ---: |')
  for (const [packing, tie, step, reference] of variants) {
    const found = allocatedBy(await fills(['default'], [packing], tie, step), 'default', packing, 100)
    console.log(`| ${packing} | ${tie} | ${step} | ${found.toFixed(2)} | ${reference} |`)
  }
}

function signed(value: number): string {
  return `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(2)}`
}
