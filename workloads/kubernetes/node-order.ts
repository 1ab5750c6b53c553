import type { Node } from './objects.ts'

/** Nodes in the order in which kube-scheduler looks at them: round the zones, in each as they came. */
export function nodeOrder(nodes: readonly Node[]): readonly Node[] {
  const zones = new Map<string, Node[]>()
  for (const node of nodes) {
    const zone = zoneOf(node.metadata?.labels ?? {})
    const there = zones.get(zone)
    if (there) there.push(node)
    else zones.set(zone, [node])
  }
  const ordered: Node[] = []
  for (let round = 0; ordered.length < nodes.length; round++)
    for (const there of zones.values()) if (round < there.length) ordered.push(there[round])
  return ordered
}

function zoneOf(labels: Readonly<Record<string, string>>): string {
  const region = labels['topology.kubernetes.io/region'] ?? labels['failure-domain.beta.kubernetes.io/region'] ?? ''
  const zone = labels['topology.kubernetes.io/zone'] ?? labels['failure-domain.beta.kubernetes.io/zone'] ?? ''
  return `${region}\0${zone}`
}
