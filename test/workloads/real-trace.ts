import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** Where a public trace lies beside the project, and why its tests are skipped where it does not. */
export function realTrace(name: string): { readonly path: string; readonly skip: string | false } {
  const path = fileURLToPath(new URL(`../../../shared/traces/${name}`, import.meta.url))
  return { path, skip: existsSync(path) ? false : `real traces not found at ../shared: traces/${name}` }
}
