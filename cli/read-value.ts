import { InputError, SECOND } from '../sim/index.ts'
import type { CellSize } from '../workloads/index.ts'

const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 }

/** Microseconds from `90s`, `10m`, `2h`, `1.5d`, or plain seconds. */
export function readDuration(option: string, text: string): number {
  const [, amount, unit] = /^(\d+(?:\.\d+)?)([smhd]?)$/.exec(text) ?? []
  if (amount === undefined) throw new InputError(`${option}: not a duration: ${text} (90s, 10m, 2h or 1.5d would do)`)
  return Math.round(Number(amount) * (UNITS[unit] ?? 1) * SECOND)
}

/** A whole number from `least` to `most`. */
export function readCount(option: string, text: string, least = 1, most = Number.MAX_SAFE_INTEGER): number {
  const count = Number(text)
  if (text.trim() === '' || !Number.isSafeInteger(count) || count < least)
    throw new InputError(`${option}: not a whole number from ${least}: ${text}`)
  if (count > most) throw new InputError(`${option}: above ${most}: ${text}`)
  return count
}

/** A number above 0. */
export function readFactor(option: string, text: string): number {
  const factor = Number(text)
  if (text.trim() === '' || !Number.isFinite(factor) || factor <= 0) throw new InputError(`${option}: not a number above 0: ${text}`)
  return factor
}

/** More machines than this are a slip of the hand. */
export const MOST_MACHINES = 10_000_000
const MOST_COPIES = 1000

/** `2000` machines, or `40%` of them. */
export function readCellSize(option: string, text: string): CellSize {
  if (!text.endsWith('%')) return { count: readCount(option, text, 1, MOST_MACHINES) }
  const share = readFactor(option, text.slice(0, -1)) / 100
  if (share > MOST_COPIES) throw new InputError(`${option}: above ${MOST_COPIES * 100}%: ${text}`)
  return { share }
}

/** A share from `0.2%` or `0.002`, at least 0 and below 1. */
export function readShare(option: string, text: string): number {
  const share = text.endsWith('%') ? Number(text.slice(0, -1)) / 100 : Number(text)
  if (text.trim() === '' || !(share >= 0 && share < 1)) throw new InputError(`${option}: not a share below 100%: ${text} (0.2% would do)`)
  return share
}

/** A share above 0 from `130%` or `1.3`, up to `most`. */
export function readShareAbove(option: string, text: string, most: number): number {
  const share = readFactor(option, text.endsWith('%') ? text.slice(0, -1) : text) / (text.endsWith('%') ? 100 : 1)
  if (share > most) throw new InputError(`${option}: above ${most * 100}%: ${text}`)
  return share
}

/** One of some words. */
export function readChoice<Word extends string>(option: string, words: readonly Word[], text: string): Word {
  const found = words.find((word) => word === text)
  if (found === undefined) throw new InputError(`${option}: unknown: ${text} (have ${words.join(', ')})`)
  return found
}

/** Policies separated by commas. A comma inside a policy's parameters stands before `key=value`, never before a name. */
export function readList(option: string, text: string): readonly string[] {
  const list = text.split(/,(?![a-z-]+=)/).map((one) => one.trim())
  const twice = list.find((one, i) => list.indexOf(one) !== i)
  if (list.includes('')) throw new InputError(`${option}: an empty name in: ${text}`)
  if (twice !== undefined) throw new InputError(`${option}: named twice: ${twice}`)
  return list
}
