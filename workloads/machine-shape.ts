import { InputError } from '../sim/index.ts'

/** A cell of equal machines, for traces that tell of none. */
export interface CellShape {
  /** How many machines. */
  readonly machines: number
  /** What each has, in what people count: `cpu=64,memory=1`. */
  readonly shape: string
}

/**
 * The capacity of one machine by resource, in units, from `cpu=64,memory=1`. A resource that is not named has none.
 * Throws InputError for an unknown resource or a bad number.
 */
export function readShape(shape: string, resources: readonly { readonly name: string; readonly scale: number }[]): readonly number[] {
  const names = resources.map(({ name }) => name)
  const capacity = resources.map(() => 0)
  for (const part of shape.split(',')) {
    const [name = '', amount = ''] = part.split('=')
    const r = names.indexOf(name.trim())
    if (r < 0) throw new InputError(`shape ${shape}: unknown resource: ${name} (have ${names.join(', ')})`)
    const value = Number(amount)
    if (amount.trim() === '' || !(value > 0 && Number.isFinite(value))) {
      throw new InputError(`shape ${shape}: bad amount of ${name}: ${amount === '' ? 'nothing there' : amount} (a number above 0 would do)`)
    }
    capacity[r] = Math.round(value * resources[r].scale)
  }
  return capacity
}

/** A number of machines that makes sense. Throws InputError otherwise. */
export function readMachineCount(machines: number): number {
  if (!Number.isSafeInteger(machines) || machines < 1) throw new InputError(`machines: ${machines} (a whole number from 1 would do)`)
  return machines
}
