import { ENDS, NONE, type Trace, TraceBuilder } from '../sim/index.ts'
import { type GenerateOptions, generate } from './generate.ts'
import type { Profile } from './profile.ts'
import type { ProfileName } from './profiles.ts'

/** Collects a generated workload into a trace of format `profile`. Throws InputError as `generate` does. */
export function generateTrace(name: ProfileName | Profile, options: GenerateOptions = {}): Trace {
  const { profile, machines, end, runs } = generate(name, options)
  const { classes, tiers } = profile
  const builder = new TraceBuilder({ name: profile.name, format: 'profile', resources: profile.resources, tiers })
  for (const [row, { capacity, devices, model }] of machines.entries()) {
    builder.machine({ id: `machine-${row + 1}`, capacity, devices, model, present: true })
  }
  const addClass = (row: number, spread?: number) =>
    builder.class({
      request: classes.request.map((column) => column[row]),
      devices: classes.devices[row],
      milli: classes.milli[row],
      priority: classes.priority[row],
      tier: tiers[classes.tier[row]],
      spread,
    })
  const classRow = new Int32Array(classes.tier.length).fill(NONE)
  const userRow = Array.from({ length: profile.users }, (_, user) => builder.user(`user-${user + 1}`))

  let job = NONE
  let jobClass = NONE
  let task = NONE
  let previous = NONE
  let preplaced = 0
  let tasks = 0
  let count = 0
  for (const run of runs()) {
    if (run.job !== job) {
      job = run.job
      const row = builder.job(`job-${job + 1}`, userRow[run.user], tiers[classes.tier[run.class]])
      if (classes.spread[run.class]) jobClass = addClass(run.class, row)
      else {
        if (classRow[run.class] === NONE) classRow[run.class] = addClass(run.class)
        jobClass = classRow[run.class]
      }
    }
    if (!run.again) {
      task = builder.task(job, run.index)
      tasks++
    }
    if (run.preplaced) preplaced++
    previous = builder.run({
      task,
      class: jobClass,
      arrival: run.time,
      runTime: run.runTime,
      end: ENDS[run.end],
      previous: run.again ? previous : NONE,
      preplaced: run.preplaced,
      machine: NONE,
    })
    count++
  }
  return builder.trace({
    start: 0,
    end,
    counts: { machines: machines.length, jobs: job + 1, tasks, runs: count, 'preplaced, machine unknown': preplaced },
    skipped: {},
  })
}
