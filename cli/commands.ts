import type { Command } from 'commander'
import { compareCommand } from './compare.ts'
import { crosscheckCommand } from './crosscheck.ts'
import { explainCommand } from './explain.ts'
import { extenderCommand } from './extender.ts'
import { fillCommand } from './fill.ts'
import { generateCommand } from './generate.ts'
import { importCommand } from './import.ts'
import { policiesCommand } from './policies.ts'
import { reportCommand } from './report.ts'
import { simulateCommand } from './simulate.ts'

/** Every command by the word that the user types. */
export const commands = {
  compare: compareCommand,
  simulate: simulateCommand,
  fill: fillCommand,
  generate: generateCommand,
  import: importCommand,
  report: reportCommand,
  explain: explainCommand,
  crosscheck: crosscheckCommand,
  extender: extenderCommand,
  policies: policiesCommand,
} satisfies Record<string, () => Command>
