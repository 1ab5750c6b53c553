import { ENDS } from '../sim/index.ts'
import { columnOf, SOMEWHERE } from './csv-head.ts'
import { type GenerateOptions, generate } from './generate.ts'
import type { Profile } from './profile.ts'
import type { ProfileName } from './profiles.ts'
import type { CsvRow, CsvTables } from './write-csv.ts'

/** A generated workload as the rows of our own tables, drawn while they are written: a month needs no more memory than an hour. */
export function generateTables(name: ProfileName | Profile, options: GenerateOptions = {}): CsvTables {
  const { profile, machines, end, runs } = generate(name, options)
  const { classes, resources, tiers } = profile
  const amounts = (units: (r: number) => number): CsvRow =>
    Object.fromEntries(
      resources.flatMap(({ name: resource, scale }, r) => (resource === 'gpu' ? [] : [[columnOf(resource), units(r) / scale] as const])),
    )
  function* machineRows(): Generator<CsvRow> {
    for (const [row, { capacity, devices, model }] of machines.entries()) {
      yield { id: `machine-${row + 1}`, ...amounts((r) => capacity[r]), gpus: devices, model }
    }
  }
  function* taskRows(): Generator<CsvRow> {
    for (const run of runs()) {
      const row = run.class
      yield {
        job: `job-${run.job + 1}`,
        index: run.index,
        user: `user-${run.user + 1}`,
        tier: tiers[classes.tier[row]],
        priority: classes.priority[row],
        ...amounts((r) => classes.request[r][row]),
        gpus: classes.devices[row],
        gpu_milli: classes.milli[row],
        arrival_s: run.time / 1e6,
        run_s: run.runTime === Number.POSITIVE_INFINITY ? '' : run.runTime / 1e6,
        end: ENDS[run.end],
        different_machines: classes.spread[row],
        preplaced: run.preplaced ? SOMEWHERE : '',
      }
    }
  }
  return {
    head: {
      end_s: end / 1e6,
      tiers: [...tiers],
      resources: resources.map(({ name: resource, unit, scale }) => ({ name: resource, unit, scale })),
    },
    machines: machineRows(),
    tasks: taskRows(),
  }
}
