import { formatNumber } from './format-number.ts'

const STEPS = [
  ['d', 86_400],
  ['h', 3_600],
  ['m', 60],
  ['s', 1],
] as const

/** Seconds as people say them, by the two largest units: `3 m 20 s`, `1 d 4 h`, `0.4 s`, with spaces that do not break. */
export function formatDuration(seconds: number | null): string {
  if (seconds === null || !Number.isFinite(seconds)) return '–'
  if (seconds < 0) return `−${formatDuration(-seconds)}`
  if (seconds === 0) return '0\u00a0s'
  if (seconds < 0.1) return '< 0.1\u00a0s'
  if (seconds < 9.95) return `${formatNumber(seconds, Number.isInteger(seconds) ? 0 : 1)}\u00a0s`
  // Rounded to the smaller of the two units first, so that 59.9 s is 1 m and not 60 s.
  const smaller = seconds >= 86_400 - 1_800 ? 3_600 : seconds >= 3_600 - 30 ? 60 : 1
  let rest = Math.round(seconds / smaller) * smaller
  const parts: string[] = []
  for (const [unit, size] of STEPS) {
    const count = Math.floor(rest / size)
    rest -= count * size
    if (count > 0) parts.push(`${formatNumber(count)}\u00a0${unit}`)
  }
  return parts.join('\u00a0')
}
