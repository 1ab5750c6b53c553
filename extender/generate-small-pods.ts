import type { V1Pod } from '@kubernetes/client-node'
import { randomStream } from '../sim/index.ts'
import { GPU_SHARE } from '../workloads/index.ts'

/** Pods by seed that ask for so little that a small cluster runs many, in differing amounts; `gpus`: two of five want a GPU, or a share. */
export function generateSmallPods(count: number, seed: number, gpus: boolean): readonly Pick<V1Pod, 'metadata' | 'spec'>[] {
  const random = randomStream(seed, 'small-pods')
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)]
  return Array.from({ length: count }, (_, i) => {
    const gpu = gpus && random() < 0.4
    const limits: Record<string, string> = !gpu ? {} : random() < 0.3 ? { 'nvidia.com/gpu': '1' } : { [GPU_SHARE]: pick(SHARES) }
    const requests = { cpu: pick(['10m', '20m', '50m', '100m']), memory: pick(['16Mi', '32Mi', '64Mi', '128Mi']), ...limits }
    return {
      metadata: { name: `crosscheck-${String(i).padStart(4, '0')}` },
      spec: { containers: [{ name: 'c0', resources: { requests, limits } }] },
    }
  })
}

const SHARES = ['100', '200', '250', '500', '700']
