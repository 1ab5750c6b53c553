import type { KubeConfig } from '@kubernetes/client-node'
import { InputError } from '../sim/index.ts'

/** How to reach the API server; without a file as Kubernetes' client finds it. Throws InputError where that cannot be read. */
export async function readKubeconfig(file: string | undefined): Promise<KubeConfig> {
  // Loaded only here: the client takes longer to load than most commands run.
  const client = await import('@kubernetes/client-node')
  const config = new client.KubeConfig()
  try {
    if (file === undefined) config.loadFromDefault()
    else config.loadFromFile(file)
  } catch (error) {
    throw new InputError(`--kubeconfig: ${file ?? 'the default'}: ${error instanceof Error ? error.message : error}`)
  }
  if (!config.getCurrentCluster()) throw new InputError(`--kubeconfig: names no cluster: ${file ?? 'the default'}`)
  return config
}
