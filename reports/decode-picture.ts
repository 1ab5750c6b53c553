import type { CellPicture } from '../sim/index.ts'

/** The byte that stands for a machine that was absent, or lacks the resource. */
export const ABSENT_BYTE = 255

/** One resource of a picture as bytes: `at(instant)[machine]` is the share in per cent, or ABSENT_BYTE. */
export function decodePicture(picture: CellPicture, resource: string): { at(instant: number): Uint8Array } {
  const bytes = Buffer.from(picture.used[resource] ?? '', 'base64')
  const machines = picture.machine.length
  return { at: (instant) => bytes.subarray(instant * machines, (instant + 1) * machines) }
}

/** Resources of a picture in the order given; those with no byte are left out. */
export const picturedResources = (picture: CellPicture, resources: readonly string[]): string[] =>
  resources.filter((resource) => (picture.used[resource] ?? '') !== '')

/** Mean share in use at one instant over the machines that are there; 0 where none is. */
export function meanUse(used: Uint8Array): number {
  const present = used.filter((byte) => byte !== ABSENT_BYTE)
  return present.length === 0 ? 0 : present.reduce((sum, byte) => sum + byte, 0) / present.length / 100
}
