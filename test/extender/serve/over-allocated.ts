import type { Node, Pod } from '../../../workloads/index.ts'

const RESOURCES = ['cpu', 'memory', 'pods', 'nvidia.com/gpu'] as const
const GPU = 'nvidia.com/gpu'
const SHARE = 'stowage.dev/gpu-milli'

/**
 * What of these nodes is given away more than once, by the API server's objects alone, read in a way of its own:
 * `NODE: RESOURCE`, and `NODE: device N` by the devices that are written on the pods. `NODE: pod NAME …` where they are not, or not as many.
 * For pods of plain containers.
 */
export function overAllocated(nodes: readonly Node[], pods: readonly Pod[]): readonly string[] {
  const offered = new Map(nodes.map(({ metadata, status }) => [metadata?.name ?? '', status?.allocatable ?? {}]))
  const used = new Map<string, number>()
  const found: string[] = []
  const use = (key: string, amount: number) => used.set(key, (used.get(key) ?? 0) + amount)
  for (const { metadata, spec, status } of pods) {
    const node = spec?.nodeName
    if (!node || status?.phase === 'Succeeded' || status?.phase === 'Failed') continue
    const asked = (name: string) => (spec.containers ?? []).reduce((sum, { resources }) => sum + scalarOf(resources?.requests?.[name]), 0)
    for (const name of RESOURCES) use(`${node}: ${name}`, name === 'pods' ? 1 : asked(name))
    const [whole, share] = [asked(GPU), asked(SHARE)]
    const count = whole || (share > 0 ? Math.max(1, share / 1000) : 0)
    const { annotations } = (metadata ?? {}) as { readonly annotations?: Readonly<Record<string, string>> }
    const devices = (annotations?.['stowage.dev/gpu-devices'] ?? '').split(',').filter((device) => device !== '')
    if (devices.length !== count) found.push(`${node}: pod ${metadata?.name} asks for ${count} devices and has ${devices.length}`)
    for (const device of devices) use(`${node}: device ${device}`, whole ? 1000 : Math.min(share, 1000))
  }
  for (const [key, amount] of used) {
    const [node, what] = key.split(': ')
    const there = offered.get(node)
    if (!there) found.push(`${node}: has pods, and is not there`)
    else if (what.startsWith('device ')) {
      if (amount > 1000 || Number(what.slice(7)) >= Number(there[GPU] ?? 0)) found.push(`${key}: ${amount} of 1000`)
    } else if (amount > scalarOf(there[what]) + 1e-9) found.push(`${key}: ${amount} of ${there[what] ?? 0}`)
  }
  return found
}

const SUFFIXES: Readonly<Record<string, number>> = { m: 1e-3, k: 1e3, M: 1e6, G: 1e9, Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30, Ti: 2 ** 40 }

function scalarOf(quantity: unknown = '0'): number {
  const [, amount, suffix] = /^([\d.]+)([a-zA-Z]*)$/.exec(String(quantity)) ?? []
  const scalar = Number(amount) * (suffix === '' ? 1 : SUFFIXES[suffix])
  if (!Number.isFinite(scalar)) throw new Error(`not a quantity that this test knows: ${quantity}`)
  return scalar
}
