import { NONE, type Trace } from '../../sim/index.ts'

/** The trace with room for so many more classes, which ask for nothing yet and know of no rules. */
export function widen(trace: Trace, spare: number): Trace {
  const { classes } = trace
  const count = classes.count + spare
  const longer = <Column extends Float64Array | Int32Array | Uint8Array>(column: Column, fill = 0): Column => {
    const wide = new (column.constructor as new (length: number) => Column)(count).fill(fill) as Column
    wide.set(column)
    return wide
  }
  return {
    ...trace,
    classes: {
      count,
      request: classes.request.map((column) => longer(column)),
      devices: longer(classes.devices),
      milli: longer(classes.milli),
      models: [...classes.models, ...new Array<null>(spare).fill(null)],
      priority: longer(classes.priority),
      tier: longer(classes.tier),
      spread: longer(classes.spread, NONE),
      tasks: longer(classes.tasks),
      rules: null,
    },
  }
}
