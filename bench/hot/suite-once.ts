import benny from 'benny'
import { suites } from './suites.ts'

/** One suite in this process, with benny: prints the median rate of each case (1/s) as JSON, or why there is none. */
const [name] = process.argv.slice(2)
const cases = await suites[name]()
if (typeof cases === 'string') process.stdout.write(JSON.stringify({ skipped: cases }))
else {
  const { log } = console
  // benny prints its progress; what this process prints is the answer alone.
  console.log = () => {}
  const { results } = await benny.suite(
    name,
    ...cases.map(({ name, run }) => benny.add(name, () => run())),
    benny.configure({ cases: { minSamples: 10, maxTime: 0.5 } }),
  )
  console.log = log
  const rates = results.map(({ name, details }) => [name, 1 / details.median])
  process.stdout.write(JSON.stringify({ rates: Object.fromEntries(rates) }))
}
