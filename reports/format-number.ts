/** `1,234`; one decimal below 100 where the number has one. A minus is a minus sign. Null is a dash. */
export function formatNumber(
  value: number | null,
  decimals = value !== null && Math.abs(value) < 100 && !Number.isInteger(value) ? 1 : 0,
): string {
  if (value === null || !Number.isFinite(value)) return '–'
  const [whole = '', fraction] = Math.abs(value).toFixed(decimals).split('.')
  const digits = whole.replace(/\B(?=(\d{3})+$)/g, ',') + (fraction === undefined ? '' : `.${fraction}`)
  return value < 0 && /[1-9]/.test(digits) ? `−${digits}` : digits
}

/** A share as `12.3 %`, with a space that does not break. */
export const formatShare = (share: number | null, decimals = 1): string =>
  share === null || !Number.isFinite(share) ? '–' : `${formatNumber(share * 100, decimals)}\u00a0%`

/** `1 machine`, `12 machines`. */
export const formatCount = (value: number, one: string, many = `${one}s`): string =>
  `${formatNumber(value)}\u00a0${formatNumber(value) === '1' ? one : many}`
