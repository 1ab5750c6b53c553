const NAMES: Readonly<Record<string, string>> = { cpu: 'CPU', memory: 'Memory', gpu: 'GPU', disk: 'Disk' }

/** As people write it; a named extended resource as the trace does. */
export const resourceName = (resource: string): string => (Object.hasOwn(NAMES, resource) ? (NAMES[resource] ?? resource) : resource)
