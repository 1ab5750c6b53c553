import { writeFile } from 'node:fs/promises'
import { argv } from 'node:process'
import type { Trace } from '../../sim/index.ts'
import { fitGoogle2011 } from '../fit-google-2011.ts'
import { fitOpenb } from '../fit-openb.ts'
import { openTrace } from '../open-trace.ts'
import type { Profile } from '../profile.ts'

const fits: Record<string, (trace: Trace, path: string) => Profile | Promise<Profile>> = { 'google-2011': fitGoogle2011, openb: fitOpenb }

const [, , name = '', path = ''] = argv
const fit = fits[name]
if (!fit || path === '') {
  console.error(`usage: node workloads/profiles/fit.ts ${Object.keys(fits).join('|')} PATH`)
  process.exit(2)
}
const profile = await fit(await openTrace(path), path)
// A column on one line: the file is a table, and a change in it must be readable.
const text = JSON.stringify(profile, null, 1).replace(/\[[\s\d.,eE+-]*\]/g, (column) => column.replace(/\s+/g, ''))
await writeFile(new URL(`${name}.json`, import.meta.url), `${text}\n`)
