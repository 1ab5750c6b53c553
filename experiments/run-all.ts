import { availableParallelism } from 'node:os'
import { extname } from 'node:path'
import { Piscina } from 'piscina'
import { InputError } from '../sim/index.ts'

export interface RunHooks<Answer> {
  /** Worker threads; all cores where absent. The results do not depend on it. */
  readonly processes?: number
  readonly progress?: (done: number, of: number) => void
  /** Where answers are kept as they come, and those of an attempt that was cut short are found. */
  readonly kept?: KeptAnswers<Answer>
}

/** Answers by the number of their order; JSON is exact for them. */
export interface KeptAnswers<Answer> {
  get(order: number): Promise<Answer | undefined>
  put(order: number, answer: Answer): Promise<void>
}

/**
 * Gives every order to a worker, on all cores, and the answers in the order of the orders. `worker` is the file's name in this folder
 * without its ending; it sees `plan` as its workerData.
 */
export async function runAll<Order, Answer extends object>(
  worker: string,
  plan: object,
  orders: readonly Order[],
  { processes, progress, kept }: RunHooks<Answer>,
): Promise<readonly Answer[]> {
  const threads = Math.max(1, Math.min(processes ?? availableParallelism(), orders.length))
  const pool = new Piscina({
    filename: new URL(`./${worker}${extname(import.meta.url)}`, import.meta.url).href,
    minThreads: threads,
    maxThreads: threads,
    workerData: plan,
  })
  let done = 0
  try {
    return await Promise.all(
      orders.map(async (order, number): Promise<Answer> => {
        const before = await kept?.get(number)
        const answer: Answer | { readonly badInput: string } = before ?? (await pool.run(order))
        if ('badInput' in answer) throw new InputError(answer.badInput)
        if (!before) await kept?.put(number, answer)
        progress?.(++done, orders.length)
        return answer
      }),
    )
  } finally {
    await pool.destroy()
  }
}
