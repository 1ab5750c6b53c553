import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'

/** Vega and its interpreter as one classic script, so that charts are live under a policy that forbids eval. */
export function runtime(): string {
  const vega = readFileSync(new URL('vega.min.js', import.meta.resolve('vega')), 'utf8')
  const interpreter = readFileSync(createRequire(import.meta.url).resolve('vega-interpreter'), 'utf8')
  const imports = /^import \{([^}]*)\} from 'vega-util';$/m
  const exported = /^export \{ (\w+) as expressionInterpreter \};$/m
  // Both are checked, because another build of the interpreter would otherwise break every page without a word.
  if (!imports.test(interpreter) || !exported.test(interpreter)) throw new Error('vega-interpreter is not built as expected')
  const body = interpreter
    .replace(imports, 'const {$1} = vega;')
    .replace(exported, 'vega.expressionInterpreter = $1;')
    .replace(/^\/\/# sourceMappingURL.*$/m, '')
  return `${vega}\n(function () {\n${body}\n})();\n`
}

/** A file of the page, read from beside this one. */
export const pageFile = (name: string): string => readFileSync(fileURLToPath(new URL(name, import.meta.url)), 'utf8')
