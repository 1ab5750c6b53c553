import { join } from 'node:path'
import { Command } from 'commander'
import { readResults, terminalTable, writeReport } from '../reports/index.ts'

/** `stowage report DIR`: the report again, from results on disk. */
export function reportCommand(): Command {
  return new Command('report')
    .description('write the report again from the results in a folder')
    .argument('<folder>', 'a folder that compare or simulate wrote')
    .action(async (folder: string) => {
      const comparison = await readResults(folder)
      await writeReport(comparison, folder)
      process.stdout.write(`${terminalTable(comparison)}\nReport: ${join(folder, 'report.html')}\n`)
    })
}
