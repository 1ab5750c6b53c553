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

/** The configuration of a scheduler that asks it. */
export const askingExtender = (kubeconfig: string, port: number) => `apiVersion: kubescheduler.config.k8s.io/v1
kind: KubeSchedulerConfiguration
percentageOfNodesToScore: 100
clientConnection: {kubeconfig: "${kubeconfig}", qps: 5000, burst: 10000}
leaderElection: {leaderElect: false}
profiles:
- schedulerName: default-scheduler
  pluginConfig: [{name: NodeResourcesFit, args: {ignoredResourceGroups: [stowage.dev]}}]
extenders:
- {urlPrefix: "http://127.0.0.1:${port}", filterVerb: filter, prioritizeVerb: prioritize, preemptVerb: preempt, bindVerb: bind, weight: 1, nodeCacheCapable: true, httpTimeout: 5s}
`

export async function until(what: string, seconds: number, holds: () => Promise<boolean>): Promise<void> {
  for (const end = performance.now() + 1000 * seconds; performance.now() < end; await pause(500)) if (await holds()) return
  assert.fail(`never within ${seconds} s: ${what}`)
}
