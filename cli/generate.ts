import { Command } from 'commander'
import { cannot, makeFolder } from '../reports/index.ts'
import { InputError } from '../sim/index.ts'
import { generateTables, writeCsv } from '../workloads/index.ts'
import { readProfile } from './read-profile.ts'
import { MOST_MACHINES, readCount, readFactor } from './read-value.ts'

interface GenerateFlags {
  readonly machines?: string
  readonly days: string
  readonly load: string
  readonly seed: string
  readonly out: string
}

/** `stowage generate PROFILE`: a synthetic trace, streamed to files that every other command reads. */
export function generateCommand(): Command {
  return new Command('generate')
    .description('write a synthetic trace from a built-in profile: machines.csv and tasks.csv')
    .argument('<profile>', 'google-2011 or openb')
    .option('--machines <n>', 'machines in the cell; what arrives goes up and down with them')
    .option('--days <n>', 'length of the window', '1')
    .option('--load <factor>', 'times the arrivals of the source', '1')
    .option('--seed <n>', 'the seed', '1')
    .requiredOption('--out <folder>', 'the folder to write')
    .action(async (name: string, { machines, days, load, seed, out }: GenerateFlags) => {
      const read = readProfile(name)
      if (!read) throw new InputError(`unknown profile: ${name} (have google-2011, openb)`)
      const tables = generateTables(read.profile, {
        ...read.options,
        ...(machines !== undefined && { machines: readCount('--machines', machines, 1, MOST_MACHINES) }),
        days: read.options.days ?? readFactor('--days', days),
        load: read.options.load ?? readFactor('--load', load),
        seed: readCount('--seed', seed, 0, 1e15),
      })
      await makeFolder(out)
      await writeCsv(out, tables).catch((error) => {
        throw cannot('write', out, error)
      })
      process.stdout.write(`${out}: machines.csv, tasks.csv, trace.json\n`)
    })
}
