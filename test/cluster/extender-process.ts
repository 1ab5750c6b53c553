import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

const STOWAGE = fileURLToPath(new URL('../../cli/stowage.ts', import.meta.url))

/** `stowage extender` on a port of loopback, once it is ready. */
export async function startExtender(port: number, words: readonly string[]): Promise<ChildProcess> {
  const listen = ['--listen', `127.0.0.1:${port}`]
  const child = spawn(process.execPath, [STOWAGE, 'extender', ...words, ...listen], { stdio: ['ignore', 'ignore', 'inherit'] })
  const ready = `http://127.0.0.1:${port}/readyz`
  await until('the extender is ready', 60, async () => (await fetch(ready).catch(() => null))?.status === 200)
  return child
}

/** Seconds that kube-scheduler waits for the extender. */
export const HTTP_TIMEOUT = 5
const VERBS = ['filter', 'prioritize', 'preempt', 'bind'] as const

export interface Asking {
  /** Where the extender is; null: none. */
  readonly extender: string | null
  readonly verbs?: readonly (typeof VERBS)[number][]
  /** Percentage of the nodes to score; 0: kube-scheduler's own. */
  readonly percentage?: number
}

/** The configuration of a scheduler that asks it. */
export function askingExtender(kubeconfig: string, { extender, verbs = VERBS, percentage = 100 }: Asking): string {
  const named = verbs.map((verb) => `${verb}Verb: ${verb}`).join(', ')
  const extenders = extender
    ? `[{urlPrefix: "${extender}", ${named}, weight: 1, nodeCacheCapable: true, httpTimeout: ${HTTP_TIMEOUT}s}]`
    : '[]'
  return `apiVersion: kubescheduler.config.k8s.io/v1
kind: KubeSchedulerConfiguration
percentageOfNodesToScore: ${percentage}
clientConnection: {kubeconfig: "${kubeconfig}", qps: 5000, burst: 10000}
leaderElection: {leaderElect: false}
profiles:
- schedulerName: default-scheduler
  pluginConfig: [{name: NodeResourcesFit, args: {ignoredResourceGroups: [stowage.dev]}}]
extenders: ${extenders}
`
}

export async function until(what: string, seconds: number, holds: () => Promise<boolean>): Promise<void> {
  for (const end = performance.now() + 1000 * seconds; performance.now() < end; await pause(250)) if (await holds()) return
  assert.fail(`never within ${seconds} s: ${what}`)
}
