import type { Comparison } from '../experiments/index.ts'

const ON_BY_DEFAULT = new Set(['machines-needed'])

/** As it is typed: `scoreStep` is `score-step`. */
export const optionName = (key: string): string => key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)

/** The command that gives this report again, as typed into a shell. */
export function repeatCommand({ command, trace, options, rows }: Comparison): string {
  const policies = Object.fromEntries(
    (['admission', 'packing', 'overcommit'] as const).map((part) => [part, [...new Set(rows.map((row) => row[part]))].join(',')]),
  )
  const typed = Object.entries({ ...policies, ...options }).flatMap(([key, value]) => {
    const name = optionName(key)
    if (ON_BY_DEFAULT.has(name)) return value === false ? [`--no-${name}`] : []
    return value === null || value === false || value === '' ? [] : value === true ? [`--${name}`] : [`--${name} ${quoted(String(value))}`]
  })
  return ['stowage', command, quoted(trace.path ?? trace.name), ...typed].join(' ')
}

const quoted = (word: string): string => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`)
