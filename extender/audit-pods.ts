import type { V1Node, V1Pod } from '@kubernetes/client-node'
import { amountsOf, GPU_SHARE, type Pod, podRequests } from '../workloads/index.ts'
import type { Difference } from './decision-comparison.ts'
import { DEVICES_ANNOTATION } from './serve/device-list.ts'

/** What the nodes hold beyond what they have, and each GPU beyond itself, by what the API server says of them and of the bound pods. */
export function auditPods(nodes: readonly V1Node[], pods: readonly V1Pod[]): readonly Difference[] {
  return nodes.flatMap(({ metadata, status }) => {
    const node = metadata?.name ?? ''
    const there = pods.filter(({ spec }) => spec?.nodeName === node).map((pod) => pod as Pod)
    const found: Difference[] = []
    const used: Record<string, number> = { pods: there.length }
    const milli = new Map<string, number>()
    for (const pod of there) {
      const { request } = podRequests(pod)
      for (const [name, amount] of Object.entries(request)) used[name] = (used[name] ?? 0) + amount
      const { annotations } = pod.metadata as { readonly annotations?: Readonly<Record<string, string>> }
      const devices = annotations?.[DEVICES_ANNOTATION]?.split(',') ?? []
      const share = (request[GPU_SHARE] ?? 1000 * devices.length) / devices.length
      for (const device of devices) milli.set(device, (milli.get(device) ?? 0) + share)
    }
    for (const [name, amount] of Object.entries(amountsOf(status?.allocatable, node)))
      if ((used[name] ?? 0) > amount)
        found.push({ pod: node, what: `${name} that it holds`, recorded: String(used[name]), simulated: `at most ${amount}` })
    for (const [device, held] of milli)
      if (held > 1000)
        found.push({ pod: node, what: `thousandths of its GPU ${device}`, recorded: String(held), simulated: 'at most 1000' })
    return found
  })
}
