import { join } from 'node:path'
import { Command } from 'commander'
import { isFilling, readResults, terminalFillTable, terminalTable, writeFill, writeReport } from '../reports/index.ts'

/** `stowage report DIR`: the report again, from results on disk. */
export function reportCommand(): Command {
  return new Command('report')
    .description('write the report again from the results in a folder')
    .argument('<folder>', 'a folder that compare, simulate or fill wrote')
    .action(async (folder: string) => {
      const results = await readResults(folder)
      if (isFilling(results)) await writeFill(results, folder)
      else await writeReport(results, folder)
      process.stdout.write(
        `${isFilling(results) ? terminalFillTable(results) : terminalTable(results)}\nReport: ${join(folder, 'report.html')}\n`,
      )
    })
}
