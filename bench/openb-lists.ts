import { fileURLToPath } from 'node:url'
import type { FillPlan } from '../experiments/index.ts'
import { loadAlibabaGpu2023 } from '../workloads/index.ts'

/** Lists of tasks of Alibaba's cluster-trace-gpu-v2023 on its machines with GPUs. */
export function openbLists(names: readonly string[]): Promise<FillPlan['lists']> {
  const folder = fileURLToPath(new URL('../../shared/traces/alibaba-gpu-v2023', import.meta.url))
  return Promise.all(
    names.map(async (name) => ({
      name,
      trace: await loadAlibabaGpu2023(folder, { withGpuOnly: true, tasksFile: `openb_pod_list_${name}.csv` }),
    })),
  )
}
