import { Command } from 'commander'
import { fill, holmCorrected, mean, pairedTest } from '../experiments/index.ts'
import { PUBLISHED } from './fgd-published.ts'
import { openbLists } from './openb-lists.ts'
import { count } from './read-flag.ts'

/**
 * Our typical-fill against fgd on all lists, paired by seed, Holm-corrected over the table: under the published tie-break, and as a stock
 * kube-scheduler would run both, with integer scores and random ties. `npm run bench:typical-fill [-- --seeds 30]`.
 */
const flags = new Command('bench:typical-fill')
  .description('typical-fill against fgd on all lists, paired by seed')
  .option('--seeds <n>', 'how many pairs', count, 30)
  .parse()
  .opts<{ readonly seeds: number }>()
const seeds = Array.from({ length: flags.seeds }, (_, i) => 42 + i)
/** What typical-fill was tuned without: neither these lists nor seeds below 1000. */
const UNSEEN = ['cpu037', 'cpu300', 'gpushare20', 'gpuspec05']
const names = [...Object.keys(PUBLISHED), ...UNSEEN]
const TIES = ['seeded-order', 'random'] as const
const PERCENTS = [100, 130] as const

const began = performance.now()
const runs = await fill({
  ...{ packing: ['fgd', 'typical-fill'], ties: TIES, seeds, scoreStep: 1, resource: 'gpu', to: 1.3 },
  lists: await openbLists(names),
})

const rows = TIES.flatMap((tie) =>
  names.flatMap((list) =>
    PERCENTS.map((percent) => {
      const values = (packing: string) =>
        runs.filter((run) => run.list === list && run.tie === tie && run.packing === packing).map(({ curve }) => curve.allocated[percent])
      const [ours, theirs] = [values('typical-fill'), values('fgd')]
      return {
        tie,
        list,
        percent,
        ours: mean(ours),
        theirs: mean(theirs),
        ...pairedTest(
          ours.map((one, i) => one - theirs[i]),
          true,
        ),
      }
    }),
  ),
)
const holm = holmCorrected(rows.map(({ p }) => p))

for (const tie of TIES) {
  console.log(
    `\nAllocated GPU %, ties ${tie}, integer scores, ${seeds.length} seeds: fgd → typical-fill, difference with its 95 % interval`,
  )
  console.log(
    `\n| list | ${PERCENTS.map((percent) => `${percent} % arrived | difference`).join(' | ')} |\n| --- |${' ---: | --- |'.repeat(PERCENTS.length)}`,
  )
  for (const list of names) {
    const cells = PERCENTS.map((percent) => {
      const i = rows.findIndex((row) => row.tie === tie && row.list === list && row.percent === percent)
      const { theirs, ours, difference, interval } = rows[i]
      const [low, high] = interval ?? [difference, difference]
      const verdict = (holm[i] ?? 1) < 0.05 ? (difference > 0 ? '' : ', worse') : ', noise'
      return `${theirs.toFixed(2)} → ${ours.toFixed(2)} | ${difference.toFixed(2)} (${low.toFixed(2)} to ${high.toFixed(2)})${verdict}`
    })
    console.log(`| ${list}${UNSEEN.includes(list) ? ' *' : ''} | ${cells.join(' | ')} |`)
  }
}
const won = rows.filter(({ difference }, i) => difference > 0 && (holm[i] ?? 1) < 0.05).length
console.log(
  `\nBetter past Holm’s correction in ${won} of ${rows.length}. * not looked at while tuning. ${((performance.now() - began) / 1000).toFixed(0)} s`,
)
