import { InvalidArgumentError } from 'commander'

/** A whole number from 1. Throws commander's error for anything else. */
export function count(text: string): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value) || value < 1) throw new InvalidArgumentError('(a whole number from 1 would do)')
  return value
}

/** A number above 0. Throws commander's error for anything else. */
export function above0(text: string): number {
  const value = Number(text)
  if (!(value > 0 && Number.isFinite(value))) throw new InvalidArgumentError('(a number above 0 would do)')
  return value
}
