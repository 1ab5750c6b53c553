import type { Trace } from '../../sim/index.ts'
import type { KubeProfile } from './profile.ts'
import { kubeName } from './resource-columns.ts'

/** The trace where nobody asks for the extended resources that the profile leaves to others. */
export function ignoreResources(trace: Trace, { ignoredResources, ignoredResourceGroups }: KubeProfile['fit']): Trace {
  const isIgnored = (name: string) => ignoredResources.includes(name) || ignoredResourceGroups.includes(name.split('/')[0])
  const ignored = trace.resources.map(({ name }) => kubeName(name).includes('/') && isIgnored(kubeName(name)))
  if (!ignored.includes(true)) return trace
  const { classes } = trace
  const noDevices = trace.resources.some(({ name }, r) => name === 'gpu' && ignored[r])
  return {
    ...trace,
    classes: {
      ...classes,
      request: classes.request.map((column, r) => (ignored[r] ? new Float64Array(column.length) : column)),
      devices: noDevices ? new Uint8Array(classes.count) : classes.devices,
    },
  }
}
