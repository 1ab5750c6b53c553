import type { OvercommitPolicy } from '../../sim/index.ts'

/**
 * Tasks need a fixed share of the sum of their requests: need = ⌈phi × requests⌉ of CPU and memory (devices are never
 * overcommitted). Bashir et al., "Take it to the limit" (EuroSys 2021), section 5: `borg-default`, phi about 0.9. Tiers from
 * production up never rely on it.
 */
export const fixedRatio: OvercommitPolicy = {
  sentence: 'Counts only a fixed share of the sum of requests on a machine, for tiers below production.',
  source: 'Bashir et al. (EuroSys 2021), section 5, borg-default',
  parameters: {
    phi: { default: 0.9, least: 0.01, meaning: 'share of requests that tasks need, for resources without their own' },
    cpu: { default: -1, least: -1, meaning: 'the same for cpu alone; -1: phi' },
    memory: { default: -1, least: -1, meaning: 'the same for memory alone; -1: phi' },
  },
  create: ({ used }, parameters) => ({
    need: (resource, machine) => {
      if (resource === 'gpu') return used[resource][machine]
      const own = Number(parameters[resource] ?? -1)
      return Math.ceil((own >= 0 ? own : Number(parameters.phi)) * used[resource][machine])
    },
  }),
}
