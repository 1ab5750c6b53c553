import { InvalidArgumentError } from 'commander'
import { parsePacking } from '../policies/index.ts'
import { InputError } from '../sim/index.ts'

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

/** A packing policy with its parameters, as it was written. Throws commander's error where it is none. */
export function packing(text: string): string {
  try {
    parsePacking(text)
  } catch (error) {
    if (error instanceof InputError) throw new InvalidArgumentError(error.message)
    throw error
  }
  return text
}
