import type { Trace } from '../../sim/index.ts'

interface PlainMachine {
  cpu: number
  memory: number
  readonly model: number
  readonly free: number[]
}

/**
 * Fills a cell under fgd with the plainest code: every machine is looked at for every task, and every amount is worked out anew from the
 * definitions of Weng et al. (ATC '23). Ties go to the lowest machine. The order of tasks is given. What is placed, and the free
 * GPU that typical tasks cannot use.
 */
export function plainFill(trace: Trace, order: Iterable<number>): { readonly placed: readonly number[]; readonly unusable: number } {
  const { classes, machines } = trace
  const [cpu, memory] = classes.request
  const cell: PlainMachine[] = Array.from({ length: machines.count }, (_, m) => ({
    cpu: machines.capacity[0][m],
    memory: machines.capacity[1][m],
    model: machines.model[m],
    free: Array.from({ length: machines.devices[m] }, () => 1000),
  }))
  const typical = typicalClasses(trace)
  const total = typical.reduce((sum, { tasks }) => sum + tasks, 0)
  const unusableOn = (machine: PlainMachine) =>
    typical.reduce((sum, { c, tasks }) => sum + tasks * unusableTo(trace, c, machine), 0) / total

  const placed = [...order].map((c) => {
    let best = { score: -1, machine: -1, after: cell[0] }
    for (const [m, machine] of cell.entries()) {
      if (machine.cpu < cpu[c] || machine.memory < memory[c]) continue
      const before = unusableOn(machine)
      for (const after of waysToPlace(trace, c, machine)) {
        const score = Math.trunc(100 / (1 + Math.exp((unusableOn(after) - before) / 1000)))
        if (score > best.score) best = { score, machine: m, after }
      }
    }
    if (best.machine >= 0) cell[best.machine] = best.after
    return best.machine
  })
  return { placed, unusable: cell.reduce((sum, machine) => sum + unusableOn(machine), 0) }
}

function typicalClasses({ classes }: Trace): { readonly c: number; readonly tasks: number }[] {
  const key = (c: number) => [classes.request[0][c], classes.milli[c], classes.devices[c], classes.models[c]?.join() ?? ''].join(';')
  const kinds = new Map<string, { c: number; tasks: number }>()
  for (let c = 0; c < classes.count; c++) {
    const kind = kinds.get(key(c)) ?? { c, tasks: 0 }
    kind.tasks += classes.tasks[c]
    kinds.set(key(c), kind)
  }
  const sorted = [...kinds.values()].sort(
    (a, b) =>
      b.tasks - a.tasks ||
      classes.request[0][b.c] - classes.request[0][a.c] ||
      classes.milli[b.c] - classes.milli[a.c] ||
      classes.devices[b.c] - classes.devices[a.c],
  )
  const all = sorted.reduce((sum, { tasks }) => sum + tasks, 0)
  let length = 0
  for (let sum = 0; sum < 0.95 * all; length++) sum += sorted[length].tasks
  return sorted.slice(0, length)
}

function unusableTo({ classes }: Trace, c: number, { cpu, model, free }: PlainMachine): number {
  const all = free.reduce((sum, one) => sum + one, 0)
  const [milli, count, allowed] = [classes.milli[c], classes.devices[c], classes.models[c]]
  if (count === 0 || (allowed && !allowed.includes(model)) || cpu < classes.request[0][c]) return all
  if (free.filter((one) => one >= milli).length < count) return all
  return free.filter((one) => one < milli).reduce((sum, one) => sum + one, 0)
}

/** The machine as it would be with the task on each device with room; on the first idle ones where it wants whole devices. */
function waysToPlace({ classes }: Trace, c: number, machine: PlainMachine): PlainMachine[] {
  const [milli, count, allowed] = [classes.milli[c], classes.devices[c], classes.models[c]]
  const rest = { ...machine, cpu: machine.cpu - classes.request[0][c], memory: machine.memory - classes.request[1][c] }
  if (count === 0) return [rest]
  if (allowed && !allowed.includes(machine.model)) return []
  const roomy = machine.free.flatMap((one, d) => (one >= milli ? [d] : []))
  const on = (devices: readonly number[]) => ({ ...rest, free: machine.free.map((one, d) => (devices.includes(d) ? one - milli : one)) })
  if (count === 1) return roomy.map((d) => on([d]))
  return roomy.length >= count ? [on(roomy.slice(0, count))] : []
}
