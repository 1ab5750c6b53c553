import type { Suite } from './case.ts'
import { eventQueue } from './event-queue.ts'
import { fragmentation } from './fragmentation.ts'
import { loaders, ourForms } from './loaders.ts'
import { packing } from './packing.ts'

/** The hot paths by themselves. */
export const suites: Readonly<Record<string, Suite>> = {
  'event queue, 100,000 pending': eventQueue,
  'place and release, 1,000 machines': packing('google-2011', 1000),
  'place and release, 10,000 machines': packing('google-2011', 10_000),
  'place and release, 1,000 GPU machines': packing('openb', 1000),
  'load a published trace': loaders,
  'load a form of ours': ourForms,
  'fragmentation of a machine': fragmentation,
}
