import { overcommitPolicies, parsePacking } from '../policies/index.ts'
import { Allocator, Cell, NONE, PlainAllocator, randomStream } from '../sim/index.ts'
import { generateTrace } from '../workloads/index.ts'
import type { Measured } from './measured.ts'
import { below, drawTasks, drawVms, vmCell } from './vm-cell.ts'

/** DSLab's equal hosts and VMs, or the machines and tasks of Alibaba's GPU cluster. */
export const CELLS = ['vms', 'openb'] as const

/** What the allocator can be made to do without: all indexes, what is known of the order, or one trick. */
export const WITHOUT = ['indexes', 'order', 'unsettled', 'lists'] as const

export interface PlacementOptions {
  /** `vms` where absent. */
  readonly cell?: (typeof CELLS)[number]
  readonly hosts: number
  /** Or, in a cell of openb's, tasks. */
  readonly vmsPerHost: number
  /** So many times half of the VMs leave and as many come. */
  readonly churn: number
  readonly packing: string
  readonly without?: (typeof WITHOUT)[number]
  readonly seed: number
}

/**
 * VMs placed one by one until every host has so many on average, from a cold start: the clock runs from the making of the
 * allocator, so whatever it prepares counts in, and so do departures. What is drawn is drawn before. GPU tasks may find no
 * room: a decision too, and counted as one; `placed` tells the share that did.
 */
export function placements({ cell: kind = 'vms', hosts, vmsPerHost, churn, packing, without, seed }: PlacementOptions): Measured {
  const trace = kind === 'vms' ? vmCell(hosts) : generateTrace('openb', { machines: hosts, days: 1, seed })
  const count = hosts * vmsPerHost
  const half = Math.floor(count / 2)
  const total = count + churn * half
  const kinds = kind === 'vms' ? drawVms(trace, total, seed) : drawTasks(trace, total, seed)
  const leaves = Array.from({ length: churn }, (_, round) => drawLeavers(count, half, seed + round))
  const { policy, parameters } = parsePacking(packing)
  const cell = new Cell(trace, overcommitPolicies.none, {})
  const tasks = new Int32Array(count)
  let placed = 0

  const began = performance.now()
  const options = {
    tie: 'lowest-id' as const,
    seed,
    scoreStep: 0,
    unsettled: without === 'unsettled' ? 0 : undefined,
    listed: without === 'lists' ? 0 : undefined,
  }
  const allocator = new Allocator(cell, without === 'order' ? { ...policy, order: undefined } : policy, parameters, options)
  const chooser = without === 'indexes' ? new PlainAllocator(cell, policy, parameters, options) : allocator
  let drawn = 0
  const place = (slot: number): void => {
    const taskClass = kinds[drawn++]
    const machine = chooser.choose(taskClass)
    tasks[slot] = NONE
    if (machine === NONE) return
    placed++
    tasks[slot] = cell.tasks.add(taskClass, taskClass, 0, 0)
    cell.place(tasks[slot], machine, allocator.devices(taskClass, machine))
  }
  for (let slot = 0; slot < count; slot++) place(slot)
  for (const leavers of leaves) {
    for (const slot of leavers) {
      if (tasks[slot] === NONE) continue
      cell.release(tasks[slot])
      cell.tasks.remove(tasks[slot])
    }
    for (const slot of leavers) place(slot)
  }
  const seconds = (performance.now() - began) / 1000
  if (kind === 'vms' && placed < drawn) throw new Error(`${drawn - placed} VMs found no host with room`)
  const examined = without === 'indexes' ? hosts : allocator.examined / drawn
  return { unit: 'placements', count: drawn, seconds, more: { examined, searched: allocator.searches / drawn, placed: placed / drawn } }
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
