import type { SmallCell, SmallTask } from './small-trace.ts'

interface Task {
  readonly run: number
  readonly spec: SmallTask
  readonly job: number
  readonly priority: number
  readonly runTime: number
  readonly arrival: number
  readonly again: SmallTask['again']
  readonly nextRun: number
  machine: number
  devices: number[]
  endsAt: number
  placedOrder: number
}

interface Machine {
  cpu: number
  memory: number
  present: boolean
  readonly model: string
  readonly deviceFree: number[]
  tasks: Task[]
}

/** What a machine has free, and whole. */
export interface Room {
  readonly cpu: number
  readonly memory: number
  readonly gpu: number
  readonly cpuWhole: number
  readonly memoryWhole: number
  readonly gpuWhole: number
}

/**
 * The same simulation as sim/, written as plainly as it can be: objects, a sort before every pass, every task tried on every
 * machine. Ties go to the lowest row.
 */
export function plainSimulation(cell: SmallCell, score: (task: SmallTask, free: Room) => number, preempt: boolean): string[] {
  const log: string[] = []
  const end = cell.end ?? 1_000_000_000
  const machines: Machine[] = cell.machines.map((m) => ({
    cpu: m.cpu,
    memory: m.memory,
    present: !m.absent,
    model: m.model ?? '',
    deviceFree: Array.from({ length: m.devices ?? 0 }, () => 1000),
    tasks: [],
  }))
  let placements = 0
  let now = 0
  let queue: Task[] = []
  const running = new Set<Task>()
  const kinds = ['remove', 'add', 'update']
  const events = [...(cell.events ?? [])]
    .map((event, line) => ({ ...event, line }))
    .sort((a, b) => a.at - b.at || kinds.indexOf(a.kind) - kinds.indexOf(b.kind) || a.line - b.line)
  const coming: Task[] = []
  let nextRun = 0
  const preplaced: Task[] = []
  for (const [row, spec] of cell.tasks.entries()) {
    const run = nextRun
    nextRun += 1 + (spec.again?.length ?? 0)
    const task: Task = {
      run,
      spec,
      job: spec.job ?? 1000 + row,
      priority: spec.priority ?? 0,
      runTime: spec.run ?? Infinity,
      arrival: spec.preplaced === undefined ? (spec.at ?? 0) : 0,
      again: spec.again,
      nextRun: run + 1,
      machine: -1,
      devices: [],
      endsAt: Infinity,
      placedOrder: 0,
    }
    if (spec.preplaced === undefined) coming.push(task)
    else preplaced.push(task)
  }

  const without = (m: number, gone: readonly Task[]) => {
    const machine = machines[m]
    const rest = machine.tasks.filter((t) => !gone.includes(t))
    const deviceFree = [...machine.deviceFree]
    for (const t of gone) for (const d of t.devices) deviceFree[d] += t.spec.milli ?? 1000
    const sum = (read: (t: Task) => number) => rest.reduce((total, t) => total + read(t), 0)
    return {
      cpuWhole: machine.cpu,
      memoryWhole: machine.memory,
      gpuWhole: machine.deviceFree.length * 1000,
      cpu: machine.cpu - sum((t) => t.spec.cpu),
      memory: machine.memory - sum((t) => t.spec.memory),
      gpu: deviceFree.reduce((a, b) => a + b, 0),
      deviceFree,
      rest,
    }
  }
  const fits = (task: Task, m: number, gone: readonly Task[] = []) => {
    const { spec } = task
    const machine = machines[m]
    if (!machine.present) return false
    const free = without(m, gone)
    if (spec.cpu > 0 && spec.cpu > free.cpu) return false
    if (spec.memory > 0 && spec.memory > free.memory) return false
    if (spec.apart && machine.tasks.some((t) => t.spec.apart && t.job === task.job)) return false
    if (!spec.devices) return true
    if (spec.models?.length && !spec.models.includes(machine.model)) return false
    return free.deviceFree.filter((f) => f >= (spec.milli ?? 1000)).length >= spec.devices
  }
  const couldEver = (task: Task) =>
    cell.machines.some((m, row) => {
      const sizes = [
        m,
        ...(cell.events ?? []).filter((e) => e.machine === row).map((e) => ({ cpu: e.cpu ?? m.cpu, memory: e.memory ?? m.memory })),
      ]
      const cpu = Math.max(...sizes.map((s) => s.cpu))
      const memory = Math.max(...sizes.map((s) => s.memory))
      if (task.spec.cpu > cpu || task.spec.memory > memory) return false
      if (!task.spec.devices) return true
      if (task.spec.models?.length && !task.spec.models.includes(m.model ?? '')) return false
      return (m.devices ?? 0) >= task.spec.devices
    })
  const put = (task: Task, m: number) => {
    const machine = machines[m]
    const milli = task.spec.milli ?? 1000
    task.devices = []
    for (let left = task.spec.devices ?? 0; left > 0; left--) {
      const open = machine.deviceFree.map((free, d) => ({ free, d })).filter(({ free, d }) => free >= milli && !task.devices.includes(d))
      open.sort((a, b) => a.free - b.free || a.d - b.d)
      task.devices.push(open[0].d)
    }
    for (const d of task.devices) machine.deviceFree[d] -= milli
    task.machine = m
    task.endsAt = now + task.runTime
    task.placedOrder = placements++
    machine.tasks.push(task)
    running.add(task)
    log.push(`${now} place ${task.run} on ${m}`)
  }
  const takeOff = (task: Task) => {
    const machine = machines[task.machine]
    for (const d of task.devices) machine.deviceFree[d] += task.spec.milli ?? 1000
    machine.tasks = machine.tasks.filter((t) => t !== task)
    running.delete(task)
  }
  const evict = (task: Task) => {
    log.push(`${now} evict ${task.run} from ${task.machine}`)
    takeOff(task)
    queue.push(task)
  }
  const enter = (task: Task) => {
    if (couldEver(task)) queue.push(task)
    else log.push(`${now} never-placeable ${task.run}`)
  }
  const victimsOn = (task: Task, m: number): Task[] | null => {
    if (!machines[m].present) return null
    const production = (t: Task) => (t.spec.tier ?? 'batch') === 'production'
    const evictable = machines[m].tasks
      .filter((t) => t.priority < task.priority && !(production(t) && production(task)))
      .sort((a, b) => a.priority - b.priority || b.placedOrder - a.placedOrder)
    const gone: Task[] = []
    // Whether siblings forbid the machine is judged with everybody in place.
    if (task.spec.apart && machines[m].tasks.some((t) => t.spec.apart && t.job === task.job)) return null
    for (const victim of evictable) {
      if (fits(task, m, gone)) break
      gone.push(victim)
    }
    if (!fits(task, m, gone)) return null
    for (const victim of [...gone].reverse()) {
      const fewer = gone.filter((t) => t !== victim)
      if (fits(task, m, fewer)) gone.splice(gone.indexOf(victim), 1)
    }
    return gone
  }
  const pass = (): boolean => {
    let evicted = false
    const failed = new Set<string>()
    const key = (t: Task) =>
      JSON.stringify([
        t.spec.cpu,
        t.spec.memory,
        t.spec.devices ?? 0,
        t.spec.milli ?? 1000,
        [...(t.spec.models ?? [])].sort(),
        t.priority,
        t.spec.tier ?? 'batch',
        t.spec.apart ? t.job : null,
      ])
    const tried = new Set<Task>()
    const order = (a: Task, b: Task) => b.priority - a.priority || a.arrival - b.arrival || a.run - b.run
    let at: Task | null = null
    for (;;) {
      queue.sort(order)
      const position: Task | null = at
      const task: Task | undefined = queue.find((t) => !tried.has(t) && (position === null || order(position, t) < 0))
      if (!task) return evicted
      at = task
      tried.add(task)
      if (failed.has(key(task))) continue
      const open = machines.map((_, m) => m).filter((m) => fits(task, m))
      if (open.length > 0) {
        const scored = open.map((m) => ({ m, s: score(task.spec, without(m, [])) })).sort((a, b) => b.s - a.s || a.m - b.m)
        queue = queue.filter((t) => t !== task)
        put(task, scored[0].m)
        continue
      }
      const choices = !preempt
        ? []
        : machines.flatMap((_, m) => {
            const victims = victimsOn(task, m)
            return victims && victims.length > 0
              ? [{ m, victims, highest: Math.max(...victims.map((v) => v.priority)), s: score(task.spec, without(m, victims)) }]
              : []
          })
      choices.sort((a, b) => a.highest - b.highest || a.victims.length - b.victims.length || b.s - a.s || a.m - b.m)
      if (choices.length === 0) {
        failed.add(key(task))
        continue
      }
      evicted = true
      for (const victim of choices[0].victims) evict(victim)
      queue = queue.filter((t) => t !== task)
      put(task, choices[0].m)
    }
  }

  for (const task of preplaced) {
    if (task.spec.preplaced !== undefined && task.spec.preplaced >= 0 && fits(task, task.spec.preplaced)) put(task, task.spec.preplaced)
    else enter(task)
  }
  let due = queue.length > 0
  for (;;) {
    const next = Math.min(...[...running].map((t) => t.endsAt), events[0]?.at ?? Infinity, ...coming.map((t) => t.arrival))
    if (next > now && due) {
      due = pass()
      continue
    }
    if (next > end || next === Infinity) return log
    now = next
    due = true
    const ending = [...running].filter((t) => t.endsAt === now).sort((a, b) => a.run - b.run)[0]
    if (ending) {
      log.push(`${now} end ${ending.run} on ${ending.machine}`)
      takeOff(ending)
      const [again, ...rest] = ending.again ?? []
      if (again)
        coming.push({
          ...ending,
          run: ending.nextRun,
          nextRun: ending.nextRun + 1,
          runTime: again.run,
          arrival: now + again.gap,
          again: rest,
          machine: -1,
          devices: [],
          endsAt: Infinity,
        })
      continue
    }
    if (events.length > 0 && events[0].at === now) {
      const event = events.shift()
      if (!event) continue
      const machine = machines[event.machine]
      const lowest = () => [...machine.tasks].sort((a, b) => a.priority - b.priority || b.placedOrder - a.placedOrder)[0]
      if (event.kind === 'remove') {
        while (machine.tasks.length > 0) evict(lowest())
        machine.present = false
      } else {
        machine.cpu = event.cpu ?? cell.machines[event.machine].cpu
        machine.memory = event.memory ?? cell.machines[event.machine].memory
        if (event.kind === 'add') machine.present = true
        while (machine.tasks.length > 0 && (without(event.machine, []).cpu < 0 || without(event.machine, []).memory < 0)) evict(lowest())
      }
      continue
    }
    const arriving = coming.filter((t) => t.arrival === now).sort((a, b) => a.run - b.run)[0]
    coming.splice(coming.indexOf(arriving), 1)
    enter(arriving)
  }
}
