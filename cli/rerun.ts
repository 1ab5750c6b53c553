import { AS_RECORDED, type Comparison, followRecipe, seenTrace, simulationOptions } from '../experiments/index.ts'
import { InputError, type Observer, type Run, simulate, type Trace } from '../sim/index.ts'
import { planRuns, requestOf } from './run-request.ts'

/** Which of a folder's runs: the first where nothing is said. */
export interface RunChoice {
  readonly packing?: string
  readonly admission?: string
  readonly overcommit?: string
  readonly seed?: string
}

/**
 * Runs one of the runs of a comparison again, with an observer: the same input, parameters and seed take the same decisions.
 * Throws InputError where the folder has no such run.
 */
export async function rerun(
  comparison: Comparison,
  choice: RunChoice,
  observe: (run: Run, trace: Trace) => readonly Observer[],
): Promise<void> {
  const row = comparison.rows.find(
    ({ packing, admission, overcommit, seed }) =>
      (choice.packing === undefined || packing === choice.packing) &&
      (choice.admission === undefined || admission === choice.admission) &&
      (choice.overcommit === undefined || overcommit === choice.overcommit) &&
      (choice.seed === undefined || String(seed) === choice.seed),
  )
  if (!row) {
    const packings = [...new Set(comparison.rows.map(({ packing }) => packing))]
    const seeds = [...new Set(comparison.rows.map(({ seed }) => seed))]
    throw new InputError(
      `no such run: ${Object.values(choice).filter(Boolean).join(', ')} (have packing ${packings.join(', ')}; seeds ${seeds.join(', ')})`,
    )
  }
  const { plan } = await planRuns(requestOf(comparison.trace.path ?? comparison.trace.name, comparison.options)).catch((error) => {
    throw error instanceof InputError
      ? new InputError(`${error.message} (the trace is read again: run this where the run was made)`)
      : error
  })
  const trace = seenTrace(plan, row, followRecipe(plan.recipe, row.seed))
  const options = {
    ...simulationOptions(plan, row, row.seed),
    warmUp: plan.warmUp,
    picture: false,
    asRecorded: row.packing === AS_RECORDED,
  }
  simulate(trace, options, (run) => observe(run, trace))
}
