import { readFileSync } from 'node:fs'

/** The package's version: its file stands one folder up from the source, two from the built form. */
export const version: string = readVersion(['../package.json', '../../package.json'])

function readVersion([path, ...rest]: readonly string[]): string {
  try {
    return JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8')).version
  } catch (error) {
    if (rest.length === 0) throw error
    return readVersion(rest)
  }
}
