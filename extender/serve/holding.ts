import type { ClassRow } from '../../sim/index.ts'
import type { Pod } from '../../workloads/index.ts'
import { DEVICES_ANNOTATION, readDevices } from './device-list.ts'

/** A pod that takes up room on a node: bound there, or decided to go there and not yet seen to be bound. */
export interface Holding {
  readonly uid: string
  /** As `namespace/name`. */
  readonly key: string
  readonly pod: Pod
  readonly node: string
  readonly bound: boolean
  /** Its class; null until a cell is made that can say. */
  row: ClassRow | null
  /** Its devices as bits; null while nobody has said and the node is not there. */
  devices: number | null
  /** Row in the cell's tasks; NONE while the node is not there. */
  task: number
  /** Milliseconds: when a reservation was made, and when somebody should ask what became of it. */
  readonly madeAt: number
  checkAt: number
}

export type HoldingSeed = Pick<Holding, 'pod' | 'node' | 'bound' | 'madeAt' | 'checkAt'>

export const keyOf = ({ metadata = {} }: Pod): string => `${metadata.namespace ?? 'default'}/${metadata.name ?? ''}`

export const uidOf = ({ metadata = {} }: Pod): string => metadata.uid ?? ''

export const isFinished = ({ status }: Pod): boolean => status?.phase === 'Succeeded' || status?.phase === 'Failed'

/** Resource versions that are not numbers are all taken as new. */
export function versionOf({ metadata = {} }: { readonly metadata?: object }): number {
  const { resourceVersion } = metadata as { readonly resourceVersion?: string }
  const version = resourceVersion === undefined ? Number.NaN : Number(resourceVersion)
  return Number.isFinite(version) ? version : Number.POSITIVE_INFINITY
}

/** The devices that the pod's annotation names; null where it names none. */
export function devicesOf({ metadata = {} }: Pod): number | null {
  const { annotations } = metadata as { readonly annotations?: Readonly<Record<string, string>> }
  const text = annotations?.[DEVICES_ANNOTATION]
  return text === undefined ? null : readDevices(text)
}

/** Whether the scheduler says that its last try to schedule the pod failed. */
export function isTurnedDown({ status }: Pod): boolean {
  const { conditions } = (status ?? {}) as { readonly conditions?: readonly { readonly type?: string; readonly status?: string }[] }
  return conditions?.some(({ type, status: holds }) => type === 'PodScheduled' && holds === 'False') ?? false
}
