import { type End, type MachineEvent, type Trace, TraceBuilder } from '../../sim/index.ts'

export interface SmallMachine {
  readonly cpu: number
  readonly memory: number
  readonly devices?: number
  readonly model?: string
  readonly absent?: boolean
}

export interface SmallTask {
  readonly cpu: number
  readonly memory: number
  readonly devices?: number
  readonly milli?: number
  readonly models?: readonly string[]
  readonly priority?: number
  readonly tier?: string
  readonly job?: number
  readonly apart?: boolean
  readonly at?: number
  readonly run?: number
  readonly end?: End
  /** Machine row that it is on at the opening; -1: on one that nobody knows. */
  readonly preplaced?: number
  /** Later runs of the same task: gap and run time. */
  readonly again?: readonly { readonly gap: number; readonly run: number }[]
}

export interface SmallEvent {
  readonly at: number
  readonly kind: MachineEvent
  readonly machine: number
  readonly cpu?: number
  readonly memory?: number
}

export interface SmallCell {
  readonly machines: readonly SmallMachine[]
  readonly tasks: readonly SmallTask[]
  readonly events?: readonly SmallEvent[]
  readonly end?: number
  readonly users?: readonly string[]
}

export const TIERS = ['free', 'batch', 'production', 'monitoring']

/** A trace from a few lines: times and sizes as given, one job a task unless said. */
export function smallTrace(cell: SmallCell): Trace {
  const builder = new TraceBuilder({
    name: 'small',
    format: 'test',
    resources: [
      { name: 'cpu', unit: 'milli-CPU', scale: 1000 },
      { name: 'memory', unit: 'MiB', scale: 1024 },
      { name: 'gpu', unit: 'milli-GPU', scale: 1000 },
    ],
    tiers: TIERS,
  })
  for (const [row, machine] of cell.machines.entries()) {
    builder.machine({
      id: `m${row}`,
      capacity: [machine.cpu, machine.memory, 0],
      devices: machine.devices ?? 0,
      model: machine.model ?? '',
      present: !machine.absent,
    })
  }
  for (const event of cell.events ?? []) {
    const machine = cell.machines[event.machine]
    builder.machineEvent(event.at, event.kind, event.machine, [event.cpu ?? machine.cpu, event.memory ?? machine.memory, 0])
  }
  const jobs = new Map<number, { row: number; tasks: number }>()
  for (const [row, task] of cell.tasks.entries()) {
    const tier = task.tier ?? 'batch'
    const name = task.job ?? 1000 + row
    const job = jobs.get(name) ?? { row: builder.job(`j${name}`, builder.user(cell.users?.[row] ?? 'u'), tier), tasks: 0 }
    jobs.set(name, job)
    const taskRow = builder.task(job.row, job.tasks++)
    const taskClass = builder.class({
      request: [task.cpu, task.memory, 0],
      devices: task.devices ?? 0,
      milli: task.devices ? (task.milli ?? 1000) : 0,
      models: task.models ?? [],
      priority: task.priority ?? 0,
      tier,
      ...(task.apart ? { spread: job.row } : {}),
    })
    const preplaced = task.preplaced !== undefined
    let previous = builder.run({
      task: taskRow,
      class: taskClass,
      arrival: task.at ?? 0,
      runTime: task.run ?? Number.POSITIVE_INFINITY,
      end: task.end ?? (task.run === undefined ? 'none' : 'finish'),
      preplaced,
      machine: task.preplaced ?? -1,
    })
    for (const { gap, run } of task.again ?? []) {
      previous = builder.run({ task: taskRow, class: taskClass, arrival: gap, runTime: run, end: 'finish', previous })
    }
  }
  return builder.trace({ start: 0, end: cell.end ?? 1_000_000_000, counts: {}, skipped: {} })
}
