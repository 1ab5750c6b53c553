import { dirname } from 'node:path'
import { Command } from 'commander'
import { makeFolder, writeWhole } from '../reports/index.ts'
import { InputError } from '../sim/index.ts'
import { openTrace, storeTrace } from '../workloads/index.ts'
import { MOST_MACHINES, readCount } from './read-value.ts'

interface ImportFlags {
  readonly format?: string
  readonly tasks?: string
  readonly machineList?: string
  readonly shape?: string
  readonly machines?: string
  readonly out: string
}

/** `stowage import TRACE --out FILE`: any supported trace as one compact file, which every command then reads at full speed. */
export function importCommand(): Command {
  return new Command('import')
    .description('store a trace of any format as one compact file, which every command reads at full speed')
    .argument('<trace>', 'a trace file or folder')
    .option('--format <name>', 'the format of the trace; recognised by its look where not given')
    .option('--tasks <file>', 'alibaba-gpu-2023: which list of tasks, a name in the folder or a path')
    .option('--machine-list <file>', 'alibaba-gpu-2023: which list of machines, a name in the folder or a path')
    .option('--shape <amounts>', 'for traces without machines: what each of --machines has, as cpu=64,memory=1')
    .option('--machines <n>', 'for traces without machines: how many there are, with --shape')
    .requiredOption('--out <file>', 'the file to write')
    .action(async (path: string, { format, tasks, machineList, shape, machines, out }: ImportFlags) => {
      if (machines !== undefined && shape === undefined)
        throw new InputError(`--machines: a trace is stored with the machines that it has; of one without, say also --shape: ${machines}`)
      const trace = await openTrace(path, {
        format,
        tasksFile: tasks,
        machinesFile: machineList,
        shape,
        ...(machines !== undefined && { machines: readCount('--machines', machines, 1, MOST_MACHINES) }),
      })
      const stored = storeTrace(trace)
      await makeFolder(dirname(out))
      await writeWhole(out, stored)
      process.stdout.write(
        `${out}: ${trace.format}, ${trace.machines.count} machines, ${trace.tasks.count} tasks, ${trace.runs.count} runs; ${stored.length} bytes\n`,
      )
    })
}
