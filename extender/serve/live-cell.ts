import { overcommitPolicies } from '../../policies/index.ts'
import {
  Allocator,
  type AllocatorOptions,
  Cell,
  type ClassRow,
  NONE,
  type PackingPolicy,
  type ParameterValues,
  type Ranking,
  type Shortages,
  shortages,
  shortOn,
  type Trace,
  TraceBuilder,
} from '../../sim/index.ts'
import { type ClusterObjects, type Node, nodeOrder, PodTranslator } from '../../workloads/index.ts'
import type { MixRow } from './mix.ts'
import { widen } from './widen.ts'

/** What decides: a packing policy as the user named it, and how ties are broken. */
export interface PackingChoice extends AllocatorOptions {
  readonly policy: PackingPolicy
  readonly parameters: ParameterValues
}

/** Rows for classes that turn up later: filled in as they do, since every column of classes is read anew at every decision. */
const LEAST_SPARE = 256

/**
 * The simulator's cell, allocator and policy over the nodes of a cluster. Pods come and go; where nodes do, or a pod asks for a
 * resource of a new name, another is made. What keeps pods off nodes beyond room is kube-scheduler's to say: it is no part of a
 * class here.
 */
export class LiveCell {
  readonly cell: Cell
  readonly allocator: Allocator
  readonly translator: PodTranslator
  private readonly trace: Trace
  private readonly rowOf = new Map<string, number>()
  private readonly classes = new Map<string, number>()
  private readonly allowed: Uint8Array
  /** Whether a score depends on which other machines are in question. */
  private readonly isRelative: boolean

  /** `pods` show which resources are asked for; `spare` is how many classes may yet come. */
  constructor(nodes: readonly Node[], pods: ClusterObjects['pods'], mix: readonly MixRow[], choice: PackingChoice, spare = 0) {
    const cluster = { nodes, pods, priorityClasses: [], namespaces: [], services: [], controllers: [], budgets: [] }
    this.translator = new PodTranslator(cluster)
    const { resources } = this.translator
    const builder = new TraceBuilder({ name: 'cluster', format: 'kubernetes', resources, tiers: ['BestEffort', 'Burstable', 'Guaranteed'] })
    for (const node of nodeOrder(nodes)) {
      const { traits: _, ...row } = this.translator.machine(node)
      this.rowOf.set(row.id, builder.machine(row))
    }
    const rows = mix.map(({ cpu, devices, milli, models }) => {
      const request = resources.map(({ name }) => (name === 'cpu' ? cpu : 0))
      return builder.class({ request, devices, milli, models, priority: 0, tier: 'BestEffort' })
    })
    this.trace = widen(builder.trace({ start: 0, end: 0, counts: {}, skipped: {} }), Math.max(LEAST_SPARE, spare))
    for (const [i, { tasks }] of mix.entries()) this.trace.classes.tasks[rows[i]] += tasks
    this.known = new Set(rows).size
    this.cell = new Cell(this.trace, overcommitPolicies.none, {})
    this.allocator = new Allocator(this.cell, choice.policy, choice.parameters, choice)
    const packing = choice.policy.create(
      this.cell.view(0, () => 0, choice.scoreStep),
      choice.parameters,
    )
    this.isRelative = [packing.terms, packing.normalise, packing.begin, packing.sample].some((part) => part !== undefined)
    this.allowed = new Uint8Array(this.cell.machines)
  }

  /** Rows of classes that are taken. */
  private known: number

  row(node: string): number {
    return this.rowOf.get(node) ?? NONE
  }

  node(machine: number): string {
    return this.trace.machines.id[machine]
  }

  /** The row of a class; NONE where there is none left, or where it asks for a resource that this cell does not know. */
  classOf(row: ClassRow): number {
    if (row.request.length !== this.cell.request.length) return NONE
    const key = classKey(row)
    const found = this.classes.get(key)
    if (found !== undefined) return found
    const { classes } = this.trace
    if (this.known === classes.count) return NONE
    const taskClass = this.known++
    const devices = row.devices ?? 0
    const milli = row.milli ?? 0
    for (const [r, { name }] of this.trace.resources.entries())
      classes.request[r][taskClass] = name === 'gpu' ? devices * milli : row.request[r]
    classes.devices[taskClass] = devices
    classes.milli[taskClass] = milli
    classes.priority[taskClass] = row.priority
    classes.tier[taskClass] = this.trace.tiers.indexOf(row.tier)
    this.classes.set(key, taskClass)
    return taskClass
  }

  /** The best of these nodes for the class, or NONE where none of them has room. */
  choose(taskClass: number, names: readonly string[]): number {
    if (!this.isRelative) {
      // The best of all is the best of some, if it is among them: then nobody has to look for 5,000 names.
      const best = this.allocator.choose(taskClass)
      if (best === NONE || names.includes(this.node(best))) return best
    }
    this.allowed.fill(0)
    for (const name of names) {
      const machine = this.row(name)
      if (machine !== NONE) this.allowed[machine] = 1
    }
    return this.allocator.chooseAmong(taskClass, this.allowed)
  }

  /** Those of the nodes that have room, in their order. */
  feasible(taskClass: number, names: readonly string[]): readonly string[] {
    return names.filter((name) => this.fits(taskClass, name))
  }

  fits(taskClass: number, name: string): boolean {
    const machine = this.row(name)
    return machine !== NONE && this.cell.fits(taskClass, machine)
  }

  rank(taskClass: number, names: readonly string[]): Ranking {
    return this.allocator.rank(
      taskClass,
      Int32Array.from(names, (name) => this.row(name)),
    )
  }

  /** What the node is short of for this class, in a few words; empty where it has room. */
  whyNot(taskClass: number, name: string): string {
    const machine = this.row(name)
    if (machine === NONE) return 'stowage does not know this node yet'
    const short = shortOn(this.cell, taskClass, machine)
    return short.length === 0 ? '' : `stowage: too little ${short.join(', ')}`
  }

  shortages(taskClass: number): Shortages {
    return shortages(this.cell, taskClass)
  }

  /** The devices that a pod gets where nobody has said: the policy's choice, or where none has room, those with most left. */
  devices(taskClass: number, machine: number): number {
    const { cell } = this
    const count = this.trace.classes.devices[taskClass]
    if (count === 0 || cell.devicesFit(taskClass, machine)) return this.allocator.devices(taskClass, machine)
    const start = cell.deviceStart[machine]
    const byRoom = Array.from({ length: cell.deviceStart[machine + 1] - start }, (_, device) => device).sort(
      (a, b) => cell.deviceFree[start + b] - cell.deviceFree[start + a] || a - b,
    )
    return byRoom.slice(0, count).reduce((bits, device) => bits | (1 << device), 0) >>> 0
  }

  /** Whether the machine has all of these devices. */
  hasDevices(machine: number, devices: number): boolean {
    const { deviceStart } = this.cell
    const count = deviceStart[machine + 1] - deviceStart[machine]
    return count >= 32 - Math.clz32(devices)
  }

  /** Puts a pod there, and gives the row by which it is taken off again. */
  place(taskClass: number, machine: number, devices: number): number {
    const task = this.cell.tasks.add(NONE, taskClass, NONE, 0)
    this.cell.place(task, machine, devices)
    return task
  }

  release(task: number): void {
    this.cell.release(task)
    this.cell.tasks.remove(task)
  }

  /** Nodes of this cell that the other has otherwise: what is used, and what is free of each device. */
  differences(other: LiveCell): readonly string[] {
    const found = new Set<string>()
    for (let m = 0; m < this.cell.machines; m++) {
      const n = other.row(this.node(m))
      if (n === NONE || this.usedOn(m) !== other.usedOn(n)) found.add(this.node(m))
    }
    return [...found]
  }

  private usedOn(machine: number): string {
    const { used, resources, deviceFree, deviceStart } = this.cell
    const devices = deviceFree.subarray(deviceStart[machine], deviceStart[machine + 1])
    return `${resources.map((name, r) => `${name}=${used[r][machine]}`).sort()};${devices}`
  }

  /** Nodes on which more is placed than they have, and devices that hold more than themselves. */
  overfull(): { readonly nodes: number; readonly devices: number } {
    return { nodes: this.cell.overfull, devices: this.cell.deviceFree.reduce((count, free) => count + (free < 0 ? 1 : 0), 0) }
  }
}

/** What makes classes the same. */
export function classKey({ request, devices = 0, milli = 0, priority, tier }: ClassRow): string {
  return `${request.join()};${devices};${milli};${priority};${tier}`
}
