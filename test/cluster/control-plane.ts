import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

export const SHARED = fileURLToPath(new URL('../../../shared', import.meta.url))
const SCRIPT = join(SHARED, 'cluster/control-plane')
const run = promisify(execFile)

/** Versions to try, where not all: `1.36`, or several with commas. */
const { STOWAGE_MINORS } = process.env

/**
 * Why no control plane of this version can be started here; false where one can. The first time it is built, which takes minutes; that
 * the network or the machine does not let it be built is no failure of what is tested.
 */
export async function cannotStart(minor: string): Promise<string | false> {
  if (STOWAGE_MINORS && !STOWAGE_MINORS.split(',').includes(minor)) return `SKIPPED: STOWAGE_MINORS leaves out ${minor}`
  if (!existsSync(SCRIPT)) return `SKIPPED: ${SCRIPT} is not there`
  try {
    await run('bash', ['-c', '. "$0"/env.sh && build etcd kube-apiserver kube-scheduler', dirname(SCRIPT)], {
      env: { ...process.env, K8S_MINOR: minor },
      maxBuffer: 2 ** 26,
    })
    return false
  } catch (error) {
    const { stderr } = error as { readonly stderr?: string }
    return `SKIPPED: the control plane of ${minor} could not be built: ${(stderr ?? String(error)).trim().split('\n').slice(-3).join(' | ')}`
  }
}

/** The script that starts and ends a control plane, with this version and these ports. */
export function controlPlaneOf(minor: string, portBase: number): (...words: readonly string[]) => Promise<unknown> {
  const env = { ...process.env, K8S_MINOR: minor, PORT_BASE: String(portBase) }
  return (...words) => run(SCRIPT, words, { env, maxBuffer: 2 ** 26 })
}
