import type { Trace } from '../sim/index.ts'
import { fitDeck, fitProfile } from './fit-profile.ts'
import type { Profile } from './profile.ts'

const DAY = 86_400e6

const OURS = [
  'By its own times the cell is nearly empty (at most 56 tasks at once), so the base is ours: it brings requested GPU, with what arrives counted in, to 87 % of the cell.',
  'The base has the classes of all 8,152 tasks in their exact proportions; its tasks run for an exponential time of 10 days on average and come back after 10 s.',
  'Tasks come one a job, at the recorded rate (55 a day) at load 1, without the recorded burst towards the end: the deck is dealt evenly over the 149 days.',
  'The 897 tasks that were never scheduled are in the mix of classes and have their class’s run times.',
]

/** The openb profile: machine shapes and task classes are exact counts. */
export function fitOpenb(trace: Trace): Profile {
  const { kinds, ...figures } = fitProfile(trace)
  const { classes } = figures
  const span = figures.gaps.reduce((sum, gap) => sum + gap, 0)
  const everyClass = { of: 'every class', share: 1, class: [...classes.tier.keys()], weight: classes.arrived }
  return {
    name: 'openb',
    source: 'Alibaba cluster-trace-gpu-v2023 (Weng et al., ATC 2023): openb_node_list_all_node, openb_pod_list_default',
    ours: OURS,
    ...figures,
    gaps: thin(figures.gaps, 1024),
    jobs: fitDeck(kinds, classes),
    epoch: { length: Math.round(span * (kinds.length / figures.gaps.length)), jobs: [kinds.length] },
    tail: { exponent: 1, longest: 150 * DAY },
    base: { resource: 'gpu', target: 0.87, runTime: 10 * DAY, gap: 10e6, jobSize: 1, parts: [everyClass] },
  }
}

/** The means of `count` equal parts of ascending values: the mean of all stays, though the longest are far apart. */
function thin(ascending: readonly number[], count: number): number[] {
  return Array.from({ length: count }, (_, i) => {
    const part = ascending.slice(Math.round((i / count) * ascending.length), Math.round(((i + 1) / count) * ascending.length))
    return Math.round(part.reduce((sum, gap) => sum + gap, 0) / part.length)
  })
}
