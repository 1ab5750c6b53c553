import type { KubePlugin } from '../plugin.ts'
import { tolerates } from '../tolerates.ts'

const TAINT = { key: 'node.kubernetes.io/unschedulable', value: '', effect: 'NoSchedule' }
const REFUSAL = { why: 'node(s) were unschedulable', mayOpen: false }

/** Keeps tasks off closed (cordoned) machines, save those that tolerate it. */
export const nodeUnschedulable: KubePlugin = {
  name: 'NodeUnschedulable',
  weight: 0,
  filter: ({ rules }) => ({
    isFixed: true,
    refuse: (taskClass, machine) =>
      rules?.machines[machine].closed && !tolerates(rules.classes[taskClass].tolerations, TAINT) ? REFUSAL : null,
  }),
}
