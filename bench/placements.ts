import { overcommitPolicies, parsePacking } from '../policies/index.ts'
import { Allocator, Cell, NONE, randomStream } from '../sim/index.ts'
import type { Measured } from './measured.ts'
import { below, drawVms, vmCell } from './vm-cell.ts'

export interface PlacementOptions {
  readonly hosts: number
  readonly vmsPerHost: number
  /** So many times half of the VMs leave and as many come. */
  readonly churn: number
  readonly packing: string
  readonly seed: number
}

/**
 * VMs placed one by one until every host has so many on average, from a cold start: the clock runs from the making of the
 * allocator, so whatever it prepares counts in, and so do departures. What is drawn is drawn before.
 */
export function placements({ hosts, vmsPerHost, churn, packing, seed }: PlacementOptions): Measured {
  const trace = vmCell(hosts)
  const count = hosts * vmsPerHost
  const half = Math.floor(count / 2)
  const kinds = drawVms(trace, count + churn * half, seed)
  const leaves = Array.from({ length: churn }, (_, round) => drawLeavers(count, half, seed + round))
  const { policy, parameters } = parsePacking(packing)
  const cell = new Cell(trace, overcommitPolicies.none, {})
  const tasks = new Int32Array(count)

  const began = performance.now()
  const allocator = new Allocator(cell, policy, parameters, { tie: 'lowest-id', seed, scoreStep: 0 })
  let drawn = 0
  const place = (slot: number): void => {
    const kind = kinds[drawn++]
    const machine = allocator.choose(kind)
    if (machine === NONE) throw new Error(`no host has room for VM ${drawn - 1}`)
    tasks[slot] = cell.tasks.add(kind, kind, 0, 0)
    cell.place(tasks[slot], machine, 0)
  }
  for (let slot = 0; slot < count; slot++) place(slot)
  for (const leavers of leaves) {
    for (const slot of leavers) {
      cell.release(tasks[slot])
      cell.tasks.remove(tasks[slot])
    }
    for (const slot of leavers) place(slot)
  }
  return { unit: 'placements', count: drawn, seconds: (performance.now() - began) / 1000, more: { examined: allocator.examined / drawn } }
}

/** `half` of the slots, each once, in random order. */
function drawLeavers(count: number, half: number, seed: number): Int32Array {
  const draw = randomStream(seed, 'leavers')
  const slots = Int32Array.from({ length: count }, (_, slot) => slot)
  for (let i = 0; i < half; i++) {
    const j = i + below(draw, count - i)
    const other = slots[j]
    slots[j] = slots[i]
    slots[i] = other
  }
  return slots.subarray(0, half)
}
