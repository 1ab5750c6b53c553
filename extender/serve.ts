import { readKubeconfig } from './read-kubeconfig.ts'
import type { Extender, ExtenderOptions } from './serve/extender.ts'
import type { KubeApi } from './serve/kube-api.ts'

export type { KubeApi } from './serve/kube-api.ts'
export { type MixRow, mixOf } from './serve/mix.ts'
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
  const [config, { kubeApi }] = await Promise.all([readKubeconfig(kubeconfig), import('./serve/kube-api.ts')])
  return createExtenderOn(kubeApi(config), { ...options, logLevel })
}

/** The same over any API server, or what stands for one. */
export async function createExtenderOn(api: KubeApi, { logLevel, ...options }: Omit<ServeOptions, 'kubeconfig'>): Promise<Extender> {
  const [{ pino }, { Extender }] = await Promise.all([import('pino'), import('./serve/extender.ts')])
  return new Extender(api, { ...options, log: pino<string>({ level: logLevel, base: null }) })
}
