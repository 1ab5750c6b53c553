import type { Cell } from './cell.ts'
import type { Observer } from './observer.ts'
import type { Simulation } from './simulation.ts'
import { STATES } from './task-rows.ts'
import { NONE, WHOLE_DEVICE } from './trace.ts'

/**
 * Verifies after every event and decision that nothing is lost or counted twice, from scratch; throws at the first breach,
 * naming the event. Costs a look at every machine and task each time.
 */
export function check(simulation: Simulation): Observer {
  const { cell, pending, desk } = simulation
  let came = 0
  let gone = 0
  const fail = (what: string, row: number, breach: string): never => {
    throw new Error(`breach after ${what} ${row === NONE ? '' : `${row} `}at ${simulation.now} µs: ${breach}`)
  }
  return {
    arrived: () => void came++,
    ended: () => void gone++,
    turnedAway: () => void gone++,
    neverPlaceable: () => void gone++,
    settled: (what, row) => {
      const onMachines = checkMachines(cell, (breach) => fail(what, row, breach))
      const states = new Map<number, number>()
      for (let task = 0; task < cell.tasks.count; task++) states.set(cell.tasks.state[task], (states.get(cell.tasks.state[task]) ?? 0) + 1)
      const running = states.get(STATES.running) ?? 0
      const waiting = states.get(STATES.waiting) ?? 0
      const held = states.get(STATES.held) ?? 0
      if (running !== onMachines) fail(what, row, `${running} tasks say that they run, ${onMachines} are on machines`)
      let queued = 0
      pending.forEach((task) => {
        queued++
        if (cell.tasks.state[task] !== STATES.waiting) fail(what, row, `task row ${task} is in the queue but not waiting`)
      })
      if (waiting !== queued) fail(what, row, `${waiting} tasks say that they wait, ${queued} are in the queue`)
      if (held !== desk.heldCount) fail(what, row, `${held} tasks say that they are held, ${desk.heldCount} are`)
      const all = simulation.runsAtOpening + came
      if (all !== gone + running + waiting + held) {
        fail(what, row, `${all} runs came, but ${gone} are gone, ${running} run, ${waiting} wait and ${held} are held`)
      }
    },
  }
}

/** Checks each machine's columns against its list of tasks; gives the number of tasks on machines. */
export function checkMachines(cell: Cell, fail: (breach: string) => never): number {
  const { tasks, trace } = cell
  let total = 0
  let present = 0
  let overfull = 0
  const totalUsed = cell.used.map(() => 0)
  const totalCapacity = cell.used.map(() => 0)
  for (let m = 0; m < cell.machines; m++) {
    const classes = new Map<number, number>()
    const used = cell.used.map(() => 0)
    const devices = new Map<number, number>()
    let count = 0
    let last = Number.NEGATIVE_INFINITY
    for (let task = cell.firstTask[m]; task !== NONE; task = tasks.nextOnMachine[task]) {
      const taskClass = tasks.class[task]
      if (tasks.machine[task] !== m)
        fail(`task row ${task} is in the list of machine ${trace.machines.id[m]} but says machine row ${tasks.machine[task]}`)
      if (trace.classes.priority[taskClass] < last) fail(`tasks of machine ${trace.machines.id[m]} are not in order of priority`)
      last = trace.classes.priority[taskClass]
      classes.set(taskClass, (classes.get(taskClass) ?? 0) + 1)
      for (let r = 0; r < used.length; r++) used[r] += cell.request[r][taskClass]
      for (let d = 0; d < trace.machines.devices[m]; d++) {
        if (tasks.devices[task] & (1 << d)) devices.set(d, (devices.get(d) ?? 0) + trace.classes.milli[taskClass])
      }
      count++
    }
    for (const [taskClass, on] of cell.census?.classesOn(m) ?? [])
      if (classes.get(taskClass) !== on || cell.census?.machinesOf(taskClass).get(m) !== on)
        fail(`machine ${trace.machines.id[m]} has ${classes.get(taskClass) ?? 0} tasks of class ${taskClass}, the census says ${on}`)
    if (cell.census && cell.census.classesOn(m).size !== classes.size)
      fail(`machine ${trace.machines.id[m]} has tasks of ${classes.size} classes, the census says ${cell.census.classesOn(m).size}`)
    if (count !== cell.taskCount[m]) fail(`machine ${trace.machines.id[m]} has ${count} tasks, its count says ${cell.taskCount[m]}`)
    if (count > 0 && !cell.present[m]) fail(`machine ${trace.machines.id[m]} is not in the cell and has ${count} tasks`)
    present += cell.present[m]
    if (cell.present[m] && cell.isOverfull(m)) overfull++
    for (const [r, name] of cell.resources.entries()) {
      totalUsed[r] += used[r]
      if (cell.present[m]) totalCapacity[r] += cell.capacity[r][m]
      if (used[r] !== cell.used[r][m])
        fail(`machine ${trace.machines.id[m]}: placed ${name} requests sum to ${used[r]}, used says ${cell.used[r][m]}`)
      const free = cell.capacity[r][m] - cell.used[r][m]
      if (free !== cell.free[0][r][m]) fail(`machine ${trace.machines.id[m]}: ${name} free should be ${free}, is ${cell.free[0][r][m]}`)
      const byNeed = cell.overcommit ? cell.capacity[r][m] - cell.overcommit.need(name, m) : free
      if (byNeed !== cell.free[1][r][m])
        fail(`machine ${trace.machines.id[m]}: ${name} free by need should be ${byNeed}, is ${cell.free[1][r][m]}`)
    }
    for (let d = 0; d < trace.machines.devices[m]; d++) {
      const left = cell.deviceFree[cell.deviceStart[m] + d]
      if (left !== WHOLE_DEVICE - (devices.get(d) ?? 0))
        fail(`machine ${trace.machines.id[m]}, device ${d}: ${left} milli-GPU free, its tasks hold ${devices.get(d) ?? 0}`)
      if (left < 0 || left > WHOLE_DEVICE) fail(`machine ${trace.machines.id[m]}, device ${d}: ${left} milli-GPU free`)
    }
    total += count
  }
  for (const [r, name] of cell.resources.entries()) {
    if (totalUsed[r] !== cell.totalUsed[r]) fail(`${name} placed in the cell sums to ${totalUsed[r]}, the total says ${cell.totalUsed[r]}`)
    if (totalCapacity[r] !== cell.totalCapacity[r])
      fail(`${name} capacity sums to ${totalCapacity[r]}, the total says ${cell.totalCapacity[r]}`)
  }
  if (present !== cell.machinesPresent) fail(`${present} machines are in the cell, the count says ${cell.machinesPresent}`)
  if (overfull !== cell.overfull) fail(`${overfull} machines are overfull, the count says ${cell.overfull}`)
  if (total !== cell.tasksPlaced) fail(`${total} tasks are on machines, the count says ${cell.tasksPlaced}`)
  return total
}
