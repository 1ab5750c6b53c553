import type { Trace } from '../sim/index.ts'
import type { MixRow } from './serve/mix.ts'
import { widen } from './serve/widen.ts'

/** The trace whose work to come is this mix and not its own tasks: what policies like fgd go by. No task is of the mix's classes. */
export function withMix(trace: Trace, mix: readonly MixRow[]): Trace {
  const models = [...new Set([...trace.models, ...mix.flatMap((row) => row.models)])]
  const { classes, ...rest } = widen(trace, mix.length)
  const { rules } = trace.classes
  const allowed = [...trace.classes.models]
  classes.tasks.fill(0)
  for (const [i, row] of mix.entries()) {
    const taskClass = trace.classes.count + i
    for (const [r, { name }] of trace.resources.entries())
      classes.request[r][taskClass] = name === 'cpu' ? row.cpu : name === 'gpu' ? row.devices * row.milli : 0
    classes.devices[taskClass] = row.devices
    classes.milli[taskClass] = row.milli
    classes.tasks[taskClass] = row.tasks
    allowed.push(row.devices > 0 && row.models.length > 0 ? row.models.map((name) => models.indexOf(name)).sort((a, b) => a - b) : null)
  }
  // Nobody asks for these classes, so any rules do.
  return { ...rest, models, classes: { ...classes, models: allowed, rules: rules && [...rules, ...mix.map(() => rules[0])] } }
}
