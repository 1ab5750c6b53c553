import type { Pod } from '../../workloads/index.ts'

/** What decides a pod's class, as text: the same for pods of one template, so that quantities are not read again for each. */
export function kindOf({ spec = {}, status = {} }: Pod): string {
  const resized = [status.containerStatuses, status.initContainerStatuses].map((all) =>
    all?.map(({ name, allocatedResources, resources }) => [name, allocatedResources, resources]),
  )
  const { containers, initContainers, overhead, resources, priority, priorityClassName } = spec
  const asked = [containers, initContainers].map((all) =>
    all?.map(({ name, resources: own, restartPolicy }) => [name, own?.requests, own?.limits, restartPolicy]),
  )
  return JSON.stringify([asked, overhead, resources, priority, priorityClassName, resized])
}
