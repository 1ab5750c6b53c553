import type { CellView } from '../sim/index.ts'

/** The columns that most scores read, by resource row: what is free, what is whole, what a class asks for. */
export function columns({ resources, machines, classes }: CellView) {
  return {
    free: resources.map((name) => machines.free[name]),
    capacity: resources.map((name) => machines.capacity[name]),
    request: resources.map((name) => classes.request[name]),
  }
}
