import type { Comparison } from '../experiments/index.ts'

/** What each command has by itself: switches that are on, and options that it has not. */
const ON_BY_DEFAULT: Readonly<Record<string, readonly string[]>> = { compare: ['machines-needed'] }
const LACKING: Readonly<Record<string, readonly string[]>> = { simulate: ['seeds', 'as-recorded'] }

/** As it is typed: `scoreStep` is `score-step`. */
export const optionName = (key: string): string => key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)

/** The command that gives this report again, as typed into a shell. */
export function repeatCommand({ command, trace, options, rows }: Comparison): string {
  const policies = Object.fromEntries(
    (['admission', 'packing', 'overcommit'] as const).map((part) => [part, [...new Set(rows.map((row) => row[part]))].join(',')]),
  )
  const typed = Object.entries({ ...policies, ...options }).flatMap(([key, value]) => {
    const name = optionName(key)
    if (LACKING[command]?.includes(name)) return []
    if (ON_BY_DEFAULT[command]?.includes(name)) return value === false ? [`--no-${name}`] : []
    return value === null || value === false || value === '' ? [] : value === true ? [`--${name}`] : [`--${name} ${quoted(String(value))}`]
  })
  return ['stowage', command, quoted(trace.path ?? trace.name), ...typed].join(' ')
}

/** As a shell takes it for one word. */
export const quoted = (word: string): string => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`)
