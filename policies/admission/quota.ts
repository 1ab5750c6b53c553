import type { AdmissionPolicy } from '../../sim/index.ts'

/**
 * A vector of resources that one user's jobs may ask for at a time, within each tier: `share` of the cell, or the resource's own
 * share. The lowest tier is unlimited. Borg (EuroSys 2015, section 2.5) checks quota at submission, rejects at once, and gives
 * priority 0 infinite quota; equal shares for all users are ours, and so is holding instead of rejecting. A job
 * holds its quota until its last run has ended or can never be placed.
 */
export const quota: AdmissionPolicy = {
  sentence:
    'Lets each user ask for a share of the cell in each tier above the lowest at a time; what is over is rejected, or held until there is room in the quota.',
  source: 'Borg (EuroSys 2015, section 2.5); equal shares ours',
  parameters: {
    share: { default: 0.25, least: 0, meaning: 'share of the cell that a user may ask for in a tier, for resources without their own' },
    cpu: { default: -1, least: -1, meaning: 'the same for cpu alone; -1: share' },
    memory: { default: -1, least: -1, meaning: 'the same for memory alone; -1: share' },
    gpu: { default: -1, least: -1, meaning: 'the same for gpu alone; -1: share' },
    over: { default: 'reject', choices: ['reject', 'hold'], meaning: 'what happens to a job over its quota: reject or hold' },
  },
  create: ({ resources, jobs, capacity, asked }, parameters) => {
    const limit = (resource: string) => {
      const own = Number(parameters[resource] ?? -1)
      return (own >= 0 ? own : Number(parameters.share)) * capacity(resource)
    }
    return {
      ask: (job) => {
        const tier = jobs.tier[job]
        if (tier === 0) return 'admit'
        const over = resources.filter((resource) => {
          const wanted = jobs.request[resource][job]
          return wanted > 0 && asked(jobs.user[job], tier, resource) + wanted > limit(resource)
        })
        if (over.length === 0) return 'admit'
        // A job that is over the quota all by itself would be held for ever.
        const alone = over.some((resource) => jobs.request[resource][job] > limit(resource))
        return parameters.over === 'hold' && !alone ? 'hold' : { reject: `over quota: ${over.join(', ')}` }
      },
    }
  },
}
