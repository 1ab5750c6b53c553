#!/usr/bin/env node
import { Command, CommanderError } from 'commander'
import { InputError } from '../sim/index.ts'
import { commands } from './commands.ts'
import { version } from './version.ts'

/** Exit codes: 0 done, 1 what was asked to be checked is false, 2 bad input, 70 a mistake of ours. */
const EXIT = { badInput: 2, ourMistake: 70 } as const

const program = new Command('stowage')
  .description('Simulates a compute cluster and compares scheduling policies on real or generated traces.')
  .version(version)
  .showSuggestionAfterError()
  .exitOverride()
  .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, 'stowage: ')) })
for (const command of Object.values(commands)) program.addCommand(command().exitOverride().copyInheritedSettings(program))

try {
  await program.parseAsync(withCommand(process.argv.slice(2)), { from: 'user' })
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : EXIT.badInput
  else if (error instanceof InputError) {
    process.stderr.write(`stowage: ${error.message}\n`)
    process.exitCode = EXIT.badInput
  } else {
    process.stderr.write(
      `stowage: a mistake of ours, please report it with the command that you ran\n${error instanceof Error ? error.stack : error}\n`,
    )
    process.exitCode = EXIT.ourMistake
  }
}

/** With no command named, the main job: compare the policies, on the built-in default where no trace is named either. */
function withCommand(words: readonly string[]): readonly string[] {
  const [first] = words
  const isMainJob = first === undefined || (first.startsWith('-') && !['-h', '--help', '-V', '--version'].includes(first))
  return isMainJob ? ['compare', ...words] : words
}
