import { Command } from 'commander'
import { isFilling, readResults } from '../reports/index.ts'
import { InputError } from '../sim/index.ts'
import { explainTask } from './explain-task.ts'
import { type RunChoice, rerun } from './rerun.ts'
import { taskName } from './run-log.ts'

/** `stowage explain DIR TASK`: why a task went where it went, or what it waits for. */
export function explainCommand(): Command {
  return new Command('explain')
    .description('why a task went where it went, or what it waits for')
    .argument('<folder>', 'a folder that compare or simulate wrote')
    .argument('<task>', 'job/index, as in events.csv')
    .option('--packing <policy>', 'which run: its packing policy; the first where not given')
    .option('--admission <policy>', 'which run: its admission policy')
    .option('--overcommit <policy>', 'which run: its overcommit policy')
    .option('--seed <n>', 'which run: its seed')
    .action(async (folder: string, task: string, choice: RunChoice) => {
      const comparison = await readResults(folder)
      if (isFilling(comparison))
        throw new InputError(`${folder}: holds a fill, in which no task waits (give a folder that compare or simulate wrote)`)
      const lines: string[] = []
      let known = false
      await rerun(comparison, choice, (run, trace) => {
        const rows = new Set<number>()
        for (let row = 0; row < trace.runs.count; row++) if (taskName(trace, row) === task) rows.add(row)
        known = rows.size > 0
        return known ? [explainTask(run, trace, rows, (line) => lines.push(line))] : []
      })
      if (!known) throw new InputError(`${folder}: no such task: ${task} (write job/index, as in events.csv)`)
      process.stdout.write(`${lines.join('\n')}\n`)
    })
}
