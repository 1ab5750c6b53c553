import type { KubePlugin } from '../plugin.ts'

const REFUSAL = { why: "node(s) didn't match the requested node name", mayOpen: false }

/** Keeps a task that names its machine off all others. */
export const nodeName: KubePlugin = {
  name: 'NodeName',
  weight: 0,
  filter: ({ rules }) => ({
    isFixed: true,
    refuse: (taskClass, machine) => {
      const wanted = rules?.classes[taskClass].machine ?? null
      return wanted !== null && wanted !== rules?.ids[machine] ? REFUSAL : null
    },
  }),
}
