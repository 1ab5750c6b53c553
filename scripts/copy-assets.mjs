// Puts beside the compiled files what the compiler leaves behind: the page's script and styles, and the profiles' tables.
import { cpSync } from 'node:fs'

const isAsset = (path) => !path.endsWith('.ts')
for (const folder of ['reports/page', 'workloads/profiles']) cpSync(folder, `dist/${folder}`, { recursive: true, filter: isAsset })
