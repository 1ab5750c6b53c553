import type { KubePlugin } from './plugin.ts'
import { imageLocality } from './plugins/image-locality.ts'
import { interPodAffinity } from './plugins/inter-pod-affinity.ts'
import { nodeAffinity } from './plugins/node-affinity.ts'
import { nodeName } from './plugins/node-name.ts'
import { nodePorts } from './plugins/node-ports.ts'
import { nodeResourcesBalancedAllocation } from './plugins/node-resources-balanced-allocation.ts'
import { nodeResourcesFit } from './plugins/node-resources-fit.ts'
import { nodeUnschedulable } from './plugins/node-unschedulable.ts'
import { podTopologySpread } from './plugins/pod-topology-spread.ts'
import { taintToleration } from './plugins/taint-toleration.ts'
import { CPU_AND_MEMORY, type KubeProfile, SYSTEM_SPREAD } from './profile.ts'

/** The plugins that decide where a pod goes, in the order of the default profile. Volumes and claims are not modelled. */
export const kubePlugins: readonly KubePlugin[] = [
  nodeUnschedulable,
  nodeName,
  taintToleration,
  nodeAffinity,
  nodePorts,
  nodeResourcesFit,
  podTopologySpread,
  interPodAffinity,
  nodeResourcesBalancedAllocation,
  imageLocality,
]

export const LATEST_MINOR = 36

/** What kube-scheduler does without any configuration. */
export const defaultProfile: KubeProfile = {
  minor: LATEST_MINOR,
  filters: kubePlugins.filter(({ filter }) => filter).map(({ name }) => name),
  scores: kubePlugins.filter(({ scorer }) => scorer).map(({ name, weight }) => ({ name, weight })),
  preempts: true,
  percentageOfNodesToScore: 0,
  fit: {
    strategy: 'LeastAllocated',
    resources: CPU_AND_MEMORY,
    shape: [],
    ignoredResources: [],
    ignoredResourceGroups: [],
  },
  balanced: { resources: CPU_AND_MEMORY },
  interPodAffinity: { hardPodAffinityWeight: 1, ignorePreferredTermsOfExistingPods: false },
  defaultSpread: SYSTEM_SPREAD,
  defaultSpreadNeedsLabels: false,
}

/** The plugin of this name; a profile names none that is not there. */
export function kubePlugin(name: string): KubePlugin {
  const found = kubePlugins.find((plugin) => plugin.name === name)
  if (!found) throw new Error(`no such plugin: ${name}`)
  return found
}
