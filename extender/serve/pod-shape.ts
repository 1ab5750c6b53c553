import { z } from 'zod'
import { InputError } from '../../sim/index.ts'

const text = z.string().nullish()
const quantities = z.record(z.string(), z.union([z.string(), z.number()])).nullish()
const resources = z.object({ requests: quantities, limits: quantities }).nullish()
const containers = z.array(z.object({ name: text, resources, restartPolicy: text })).nullish()
const statuses = z.array(z.object({ name: text, allocatedResources: quantities, resources })).nullish()

/** As much of a pod as is read here; what else it has is nobody's business. */
const shape = z.object({
  metadata: z.object({
    annotations: z.record(z.string(), z.string()).nullish(),
    resourceVersion: z.string().optional(),
    creationTimestamp: text,
  }),
  spec: z.object({
    nodeName: text,
    containers,
    initContainers: containers,
    overhead: quantities,
    resources,
    priority: z.int32().nullish(),
    priorityClassName: text,
  }),
  status: z
    .object({
      phase: text,
      startTime: text,
      nominatedNodeName: text,
      containerStatuses: statuses,
      initContainerStatuses: statuses,
      conditions: z.array(z.object({ type: text, status: text })).nullish(),
    })
    .optional(),
})

/** Throws InputError that says which field of a pod is none of Kubernetes'. */
export function checkPodShape(pod: unknown): void {
  const { error } = shape.safeParse(pod)
  if (!error) return
  const [{ path, message }] = error.issues
  throw new InputError(`Pod: ${path.join('.')}: ${message}`)
}
