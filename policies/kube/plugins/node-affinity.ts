import { shareOfMost } from '../normalise.ts'
import type { KubePlugin } from '../plugin.ts'
import { selects, termHolds } from '../selects.ts'

const REFUSAL = { why: "node(s) didn't match Pod's node affinity/selector", mayOpen: false }
/** For nodes that the terms of required affinity do not name, where each of them names some. */
export const NOT_NAMED = { why: "node(s) didn't satisfy plugin(s) [NodeAffinity]", mayOpen: false }

/** Node selectors and required node affinity keep tasks off machines; preferred node affinity adds its weights. */
export const nodeAffinity: KubePlugin = {
  name: 'NodeAffinity',
  weight: 2,
  filter: ({ rules }) => ({
    isFixed: true,
    refuse: (taskClass, machine) => (!rules || selects(rules, taskClass, machine) ? null : REFUSAL),
  }),
  scorer: ({ rules }) => ({
    begin: (taskClass) => (rules?.classes[taskClass].preferred.length ?? 0) > 0,
    score: (taskClass, machine) => {
      let sum = 0
      if (rules) for (const { weight, term } of rules.classes[taskClass].preferred) if (termHolds(rules, term, machine)) sum += weight
      return sum
    },
    normalise: shareOfMost,
  }),
}
