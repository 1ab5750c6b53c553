import { closest, distance } from 'fastest-levenshtein'
import { InputError, type Trace } from '../sim/index.ts'
import { listFolder } from './find-file.ts'
import { type Format, type FormatName, formats, type LoadOptions } from './formats.ts'

export interface OpenOptions extends LoadOptions {
  /** One of `formats`; recognised by the look of the path where absent. */
  readonly format?: string
}

/** Loads the trace at a path, a file or a folder. Throws InputError when its format is unknown, or as the format's loader does. */
export async function openTrace(path: string, options: OpenOptions = {}): Promise<Trace> {
  const format: Format = formats[options.format === undefined ? await recognise(path) : named(options.format)]
  return format.load(path, options)
}

async function recognise(path: string): Promise<FormatName> {
  const names = await listFolder(path)
  const found = formatNames().find((name) => formats[name].recognises(path, names))
  if (found) return found
  const looks = formatNames().map((name) => `${name}: ${formats[name].looks}`)
  throw new InputError(`${path}: no known trace format (have ${looks.join('; ')})`)
}

function named(name: string): FormatName {
  const known = formatNames().find((format) => format === name)
  if (known) return known
  const near = closest(name, formatNames())
  const hint = distance(name, near) <= Math.max(2, name.length / 2) ? `; did you mean ${near}?` : ''
  throw new InputError(`unknown format: ${name} (have ${formatNames().join(', ')}${hint})`)
}

function formatNames(): FormatName[] {
  return Object.keys(formats) as FormatName[]
}
