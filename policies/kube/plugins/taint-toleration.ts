import { reverseShareOfMost } from '../normalise.ts'
import type { KubePlugin } from '../plugin.ts'
import { tolerates, toleratesAll } from '../tolerates.ts'

const REFUSAL = { why: 'node(s) had untolerated taint(s)', mayOpen: false }

/** Keeps tasks off machines whose taints they do not tolerate; prefers those with fewer such `PreferNoSchedule` taints. */
export const taintToleration: KubePlugin = {
  name: 'TaintToleration',
  weight: 3,
  filter: ({ rules }) => ({
    isFixed: true,
    refuse: (taskClass, machine) =>
      rules && !toleratesAll(rules.classes[taskClass].tolerations, rules.machines[machine].taints) ? REFUSAL : null,
  }),
  scorer: ({ rules }) => {
    const softly = rules?.classes.map(({ tolerations }) =>
      tolerations.filter(({ effect }) => effect === '' || effect === 'PreferNoSchedule'),
    )
    return {
      score: (taskClass, machine) => {
        if (!rules || !softly) return 0
        let count = 0
        for (const taint of rules.machines[machine].taints)
          if (taint.effect === 'PreferNoSchedule' && !tolerates(softly[taskClass], taint)) count++
        return count
      },
      normalise: reverseShareOfMost,
    }
  },
}
