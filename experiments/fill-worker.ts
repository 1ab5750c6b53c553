import { workerData } from 'piscina'
import { InputError } from '../sim/index.ts'
import type { FillOrder, FillPlan } from './fill.ts'
import { type FillCurve, fillCell } from './fill-cell.ts'

const plan = workerData as FillPlan

/** An error's class is lost between threads, so what a user gave wrong comes back as a value. */
export default function answer({ list, packing, tie, seed }: FillOrder): FillCurve | { readonly badInput: string } {
  const { lists, scoreStep, resource, to } = plan
  try {
    return fillCell(lists[list].trace, { packing, tie, seed, scoreStep, resource, to })
  } catch (error) {
    if (error instanceof InputError) return { badInput: error.message }
    throw error
  }
}
