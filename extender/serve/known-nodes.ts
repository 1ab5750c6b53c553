import { NONE } from '../../sim/index.ts'
import type { Node } from '../../workloads/index.ts'
import { versionOf } from './holding.ts'

/** The nodes that the API server has told of, and whether news of one change what it has. */
export class KnownNodes {
  private readonly nodes = new Map<string, { readonly node: Node; readonly shape: string }>()
  private readonly versions = new Map<string, number>()

  get count(): number {
    return this.nodes.size
  }

  /** By name, so that the order does not depend on when they came. */
  byName(): readonly Node[] {
    return [...this.nodes].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, { node }]) => node)
  }

  /** Whether it is new, or has another shape than before; older and repeated news are passed over. */
  changed(node: Node): boolean {
    const name = nameOf(node)
    if (versionOf(node) <= (this.versions.get(name) ?? NONE)) return false
    this.versions.set(name, versionOf(node))
    const shape = shapeOf(node)
    const isSame = this.nodes.get(name)?.shape === shape
    this.nodes.set(name, { node, shape })
    return !isSame
  }

  /** Whether it was there. */
  gone(node: Node): boolean {
    const name = nameOf(node)
    if (versionOf(node) < (this.versions.get(name) ?? NONE)) return false
    this.versions.set(name, versionOf(node))
    return this.nodes.delete(name)
  }

  /** Names of nodes that are not as these say. */
  differences(nodes: readonly Node[]): readonly string[] {
    const told = new Map(nodes.map((node) => [nameOf(node), node]))
    const changed = [...told].filter(([name, node]) => this.nodes.get(name)?.shape !== shapeOf(node)).map(([name]) => name)
    return [...changed, ...[...this.nodes.keys()].filter((name) => !told.has(name))]
  }

  /** Forgets what was known of a node, so that the next news of it count. */
  forget(name: string): void {
    this.nodes.delete(name)
    this.versions.delete(name)
  }
}

const nameOf = ({ metadata }: Node): string => metadata?.name ?? ''

/** What of a node decides its row in the cell. */
function shapeOf({ metadata, status }: Node): string {
  const labels = Object.entries(metadata?.labels ?? {}).filter(([key]) => key === 'nvidia.com/gpu.product' || /\/(region|zone)$/.test(key))
  return JSON.stringify([Object.entries(status?.allocatable ?? status?.capacity ?? {}).sort(), labels.sort()])
}
