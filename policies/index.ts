import type { AdmissionPolicy, OvercommitPolicy, PackingPolicy } from '../sim/index.ts'
import { admitAll } from './admission/admit-all.ts'
import { quota } from './admission/quota.ts'
import { fixedRatio } from './overcommit/fixed-ratio.ts'
import { none } from './overcommit/none.ts'
import { bestFit } from './packing/best-fit.ts'
import { cosine } from './packing/cosine.ts'
import { dotProduct } from './packing/dot-product.ts'
import { ePvm } from './packing/e-pvm.ts'
import { fgd } from './packing/fgd.ts'
import { fgdBestFit } from './packing/fgd-best-fit.ts'
import { fgdDotProduct } from './packing/fgd-dot-product.ts'
import { fgdRandom } from './packing/fgd-random.ts'
import { firstFit } from './packing/first-fit.ts'
import { gpuClustering } from './packing/gpu-clustering.ts'
import { gpuPacking } from './packing/gpu-packing.ts'
import { leastStranded } from './packing/least-stranded.ts'
import { power } from './packing/power.ts'
import { random } from './packing/random.ts'
import { typicalFill } from './packing/typical-fill.ts'
import { worstFit } from './packing/worst-fit.ts'
import type { NamedPolicy } from './parse-policy.ts'
import { parseWeightedSum } from './weighted-sum.ts'

export { FRAGMENT_CAUSES, Fragmentation } from './fragmentation.ts'
export { brokenLinear } from './kube/broken-linear.ts'
export { kubeConstraint } from './kube/constraint.ts'
export { ignoreResources } from './kube/ignore-resources.ts'
export { kubePacking } from './kube/packing.ts'
export type { KubePlugin } from './kube/plugin.ts'
export { defaultProfile, kubePlugins, LATEST_MINOR } from './kube/plugins.ts'
export { HOSTNAME, type KubeProfile, type ResourceWeight, type ShapePoint, SYSTEM_SPREAD, ZONE } from './kube/profile.ts'
export { unschedulableMessage, whyNot } from './kube/why-not.ts'
export { type NamedPolicy, parsePolicy } from './parse-policy.ts'

/** Every packing policy by the word that the user types. */
export const packingPolicies = {
  'first-fit': firstFit,
  'best-fit': bestFit,
  'worst-fit': worstFit,
  random: random,
  'dot-product': dotProduct,
  cosine: cosine,
  'e-pvm': ePvm,
  'least-stranded': leastStranded,
  'typical-fill': typicalFill,
  fgd: fgd,
  'gpu-clustering': gpuClustering,
  'gpu-packing': gpuPacking,
  power: power,
  'fgd-best-fit': fgdBestFit,
  'fgd-dot-product': fgdDotProduct,
  'fgd-random': fgdRandom,
} satisfies Record<string, PackingPolicy>

export const admissionPolicies = {
  'admit-all': admitAll,
  quota: quota,
} satisfies Record<string, AdmissionPolicy>

export const overcommitPolicies = {
  none: none,
  'fixed-ratio': fixedRatio,
} satisfies Record<string, OvercommitPolicy>

/** A packing policy by name, or a weighted sum of several: see `parseWeightedSum`. */
export const parsePacking = (text: string): NamedPolicy<PackingPolicy> => parseWeightedSum(packingPolicies, text)
