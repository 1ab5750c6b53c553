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
  const free = cell.free[cell.price[taskClass]]
  const short = new Map<string, number>()
  const count = (what: string) => short.set(what, (short.get(what) ?? 0) + 1)
  let roomy = 0
  for (let m = 0; m < cell.machines; m++) {
    if (!cell.present[m]) continue
    if (cell.fits(taskClass, m)) {
      roomy++
      continue
    }
    for (const [r, name] of cell.resources.entries()) {
      const request = cell.request[r][taskClass]
      if (request > 0 && request > free[r][m]) count(name)
    }
    if (cell.trace.classes.devices[taskClass] > 0) {
      if (!cell.allowsModel(taskClass, m)) count('gpu model')
      else if (!cell.devicesFit(taskClass, m)) count('gpu device')
    }
    if (cell.holdsSibling(taskClass, m)) count('another task of the job is there')
    for (const reason of cell.constraint?.reasons(taskClass, m) ?? []) count(reason)
    for (const reason of cell.constraint?.reasons(taskClass, m) ?? []) count(reason)
  }
  return { machines: cell.machinesPresent, roomy, short: Object.fromEntries([...short].sort(([, a], [, b]) => b - a)) }
}
