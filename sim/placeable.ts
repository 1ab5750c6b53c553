import type { Cell } from './cell.ts'
import { WHOLE_DEVICE, type Workload } from './trace.ts'

/** Whether a class could ever be placed: on some machine of the trace, empty, at the largest capacity it ever has. */
export class Placeable {
  private readonly known = new Map<number, readonly string[]>()
  private readonly largest: readonly Float64Array[]
  private readonly trace: Workload
  private readonly cell: Cell

  constructor(trace: Workload, cell: Cell) {
    this.trace = trace
    this.cell = cell
    const { machineEvents, machines } = trace
    this.largest = cell.resourceRows.map((row) => {
      const largest = Float64Array.from(machines.capacity[row])
      for (let e = 0; e < machineEvents.count; e++) {
        const m = machineEvents.machine[e]
        largest[m] = Math.max(largest[m], machineEvents.capacity[row][e])
      }
      return largest
    })
  }

  canBe(taskClass: number): boolean {
    return this.shortOf(taskClass).length === 0
  }

  /** What keeps a class from every machine: names of resources that none has enough of, `gpu model`, `gpu device`, `rules` where those with room are barred, or `combination`; empty when it can be placed. */
  shortOf(taskClass: number): readonly string[] {
    const known = this.known.get(taskClass)
    if (known) return known
    const short = this.find(taskClass)
    this.known.set(taskClass, short)
    return short
  }

  private find(taskClass: number): readonly string[] {
    const { trace, cell, largest } = this
    const { devices, milli } = trace.classes
    let fitsSomewhere = false
    let roomSomewhere = false
    let modelSomewhere = devices[taskClass] === 0
    let devicesSomewhere = devices[taskClass] === 0
    const enough = cell.resources.map(() => false)
    for (let m = 0; m < trace.machines.count && !fitsSomewhere; m++) {
      let all = true
      for (let r = 0; r < largest.length; r++) {
        const request = cell.request[r][taskClass]
        if (request === 0 || request <= largest[r][m]) enough[r] = true
        else all = false
      }
      if (devices[taskClass] > 0) {
        const model = cell.allowsModel(taskClass, m)
        const room = milli[taskClass] <= WHOLE_DEVICE && trace.machines.devices[m] >= devices[taskClass]
        modelSomewhere ||= model
        devicesSomewhere ||= room
        all &&= model && room
      }
      if (all) roomSomewhere = true
      fitsSomewhere ||= all && !cell.constraint?.never(taskClass, m)
    }
    if (fitsSomewhere) return []
    const short = cell.resources.filter((_, r) => !enough[r])
    if (!modelSomewhere) short.push('gpu model')
    else if (!devicesSomewhere && !short.includes('gpu')) short.push('gpu device')
    if (roomSomewhere) short.push('rules')
    return short.length > 0 ? short : ['combination']
  }
}
