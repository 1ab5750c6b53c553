import { type Benchmark, benchmarks } from './benchmarks.ts'
import type { Measured, Sample } from './measured.ts'

/** One measurement in this process, for `freshProcess`: prints a Sample as JSON. */
const [name, options] = process.argv.slice(2)
const benchmark = benchmarks[name as keyof typeof benchmarks] as Benchmark
const { unit, count, seconds, more = {} }: Measured = await benchmark(JSON.parse(options) as never)
const { user, system } = process.cpuUsage()
const sample: Sample = {
  [`${unit}_per_second`]: count / seconds,
  [unit]: count,
  seconds,
  process_cpu_seconds: (user + system) / 1e6,
  peak_memory_bytes: process.resourceUsage().maxRSS * 1024,
  ...more,
}
process.stdout.write(JSON.stringify(sample))
