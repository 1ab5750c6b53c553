/** Where the GPUs that a pod got are written down, by the extender that bound it: `0,3`. */
export const DEVICES_ANNOTATION = 'stowage.dev/gpu-devices'

/** `0,3` from bits. */
export function listDevices(bits: number): string {
  return Array.from({ length: 32 }, (_, device) => device)
    .filter((device) => bits & (1 << device))
    .join()
}

/** Bits from `0,3`; null for what is no such list. */
export function readDevices(text: string): number | null {
  if (!/^\d{1,2}(,\d{1,2})*$/.test(text)) return null
  const devices = text.split(',').map(Number)
  if (devices.some((device) => device > 31) || new Set(devices).size < devices.length) return null
  return devices.reduce((bits, device) => bits | (1 << device), 0) >>> 0
}

/** How many devices the bits name. */
export function countDevices(bits: number): number {
  let count = 0
  for (let left = bits; left !== 0; left >>>= 1) count += left & 1
  return count
}
