import type { Cell } from './cell.ts'

export interface Shortages {
  /** Machines in the cell now, and those with room for the class. */
  readonly machines: number
  readonly roomy: number
  /** On how many machines each thing is short, by name; a machine can count under several. */
  readonly short: Readonly<Record<string, number>>
}

/** Why a class has room on so few machines: which resource is short on how many of those in the cell, as it is now. */
export function shortages(cell: Cell, taskClass: number): Shortages {
  const short = new Map<string, number>()
  let roomy = 0
  for (let m = 0; m < cell.machines; m++) {
    if (!cell.present[m]) continue
    if (cell.fits(taskClass, m)) roomy++
    else for (const what of shortOn(cell, taskClass, m)) short.set(what, (short.get(what) ?? 0) + 1)
  }
  return { machines: cell.machinesPresent, roomy, short: Object.fromEntries([...short].sort(([, a], [, b]) => b - a)) }
}

/** What keeps the class off this machine, as it is now; empty where it has room. */
export function shortOn(cell: Cell, taskClass: number, machine: number): readonly string[] {
  const free = cell.free[cell.price[taskClass]]
  const short = cell.resources.filter((_, r) => cell.request[r][taskClass] > 0 && cell.request[r][taskClass] > free[r][machine])
  if (cell.trace.classes.devices[taskClass] > 0) {
    if (!cell.allowsModel(taskClass, machine)) short.push('gpu model')
    else if (!cell.devicesFit(taskClass, machine)) short.push('gpu device')
  }
  if (cell.holdsSibling(taskClass, machine)) short.push('another task of the job is there')
  return [...short, ...(cell.constraint?.reasons(taskClass, machine) ?? [])]
}
