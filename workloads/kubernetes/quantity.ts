/** Ten to the power of how many each suffix is, or two. */
const TENS: Readonly<Record<string, number>> = { n: -9, u: -6, m: -3, '': 0, k: 3, M: 6, G: 9, T: 12, P: 15, E: 18 }
const TWOS: Readonly<Record<string, bigint>> = { Ki: 10n, Mi: 20n, Gi: 30n, Ti: 40n, Pi: 50n, Ei: 60n }

/** Thousandths are the finest that the API server keeps. */
const MILLI = 3

/** A Kubernetes quantity (`1500m`, `1.5Gi`, `1e11`, 2) in thousandths, exact, rounded up where it is finer; null for what is none. */
export function parseQuantity(text: string | number): bigint | null {
  const [, sign, whole, fraction = '', exponent, suffix = ''] =
    /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,3})|([numkMGTPE]|[KMGTPE]i))?$/.exec(String(text).trim()) ?? []
  if (whole === undefined || `${whole}${fraction}` === '') return null
  const digits = BigInt(`${whole}${fraction}`) * (sign === '-' ? -1n : 1n)
  if (suffix in TWOS) return shift(digits << TWOS[suffix], MILLI - fraction.length)
  return shift(digits, MILLI - fraction.length + (exponent === undefined ? TENS[suffix] : Number(exponent)))
}

/** Thousandths as whole ones, rounded up. */
export function wholeOf(milli: bigint): number {
  return Number(shift(milli, -MILLI))
}

/** Times ten to the power of `by`, rounded up. */
function shift(value: bigint, by: number): bigint {
  if (by >= 0) return value * 10n ** BigInt(by)
  const divisor = 10n ** BigInt(-by)
  return value / divisor + (value > 0n && value % divisor !== 0n ? 1n : 0n)
}
