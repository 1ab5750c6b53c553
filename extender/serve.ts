import { InputError } from '../sim/index.ts'
import type { Extender, ExtenderOptions } from './serve/extender.ts'
import type { KubeApi } from './serve/kube-api.ts'

export type { KubeApi } from './serve/kube-api.ts'
export { mixOf } from './serve/mix.ts'
export { MODES } from './serve/verbs.ts'

export const LOG_LEVELS = ['silent', 'error', 'warn', 'info', 'debug'] as const

export interface ServeOptions extends Omit<ExtenderOptions, 'log'> {
  /** A file; without one KUBECONFIG, ~/.kube/config, or the service account of the pod that this runs in. */
  readonly kubeconfig?: string
  readonly logLevel: (typeof LOG_LEVELS)[number]
}

/**
 * An extender for the cluster of a kubeconfig, ready to start. Loads the server's libraries only now, since nobody else needs them.
 * Throws InputError for a kubeconfig that cannot be read.
 */
export async function createExtender({ kubeconfig, logLevel, ...options }: ServeOptions): Promise<Extender> {
  const [{ KubeConfig }, { kubeApi }] = await Promise.all([import('@kubernetes/client-node'), import('./serve/kube-api.ts')])
  const config = new KubeConfig()
  try {
    if (kubeconfig === undefined) config.loadFromDefault()
    else config.loadFromFile(kubeconfig)
  } catch (error) {
    throw new InputError(`--kubeconfig: ${error instanceof Error ? error.message : error}`)
  }
  if (!config.getCurrentCluster()) throw new InputError(`--kubeconfig: names no cluster: ${kubeconfig ?? 'the default'}`)
  return createExtenderOn(kubeApi(config), { ...options, logLevel })
}

/** The same over any API server, or what stands for one. */
export async function createExtenderOn(api: KubeApi, { logLevel, ...options }: Omit<ServeOptions, 'kubeconfig'>): Promise<Extender> {
  const [{ pino }, { Extender }] = await Promise.all([import('pino'), import('./serve/extender.ts')])
  return new Extender(api, { ...options, log: pino<string>({ level: logLevel, base: null }) })
}
