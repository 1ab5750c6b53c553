import { basename } from 'node:path'
import { InputError, type Trace } from '../sim/index.ts'
import { CountBy } from './count-by.ts'
import { readObjects } from './kubernetes/read-objects.ts'
import { sortObjects, translateCluster } from './kubernetes/translate.ts'

/**
 * Loads a Kubernetes cluster as it stands, from YAML or JSON as `kubectl get nodes,pods -A -o yaml` prints it: a file, or a
 * folder of them. Bound pods are where they are; pending ones arrive at once. CPU in thousandths, memory in bytes. Throws
 * InputError on bad input.
 */
export async function loadKubernetes(path: string): Promise<Trace> {
  const skipped = new CountBy()
  const cluster = sortObjects(await readObjects(path), skipped)
  if (cluster.nodes.length === 0) throw new InputError(`${path}: no Node in it (kubectl get nodes,pods -A -o yaml prints what would do)`)
  return translateCluster(cluster, basename(path).replace(/\.(ya?ml|json)$/i, ''), skipped)
}
