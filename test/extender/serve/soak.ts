/**
 * The command itself against an API server in memory, with churn: pods come, are decided, bound, turned down, deleted before they are
 * bound or forgotten; nodes come, change and go; watches break, and their history is lost. Paced, so that it can run beside other work.
 * `npm run soak:extender -- --minutes 30 --seed 1` prints a line a minute and ends with 1 where memory grew, the state drifted, a
 * reservation was left or anything was given twice.
 */
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { randomStream } from '../../../sim/index.ts'
import { FakeApi } from './fake-api.ts'
import { node, pod } from './made-extender.ts'
import { overAllocated } from './over-allocated.ts'

const STOWAGE = fileURLToPath(new URL('../../../cli/stowage.ts', import.meta.url))
const NODES = 500
const ALIVE = 1500
const STEPS_A_SECOND = 40
const MILLI = [0, 0, 250, 300, 500, 1000, 2000, 4000]
/** Megabytes an hour of the heap after collections, above which memory counts as growing. */
const MOST_GROWTH = 10
/** Minutes below which collections say more about memory than growth does. */
const LEAST_MINUTES = 20

const { values } = parseArgs({ options: { minutes: { type: 'string', default: '30' }, seed: { type: 'string', default: '1' } } })
const minutes = Number(values.minutes)
const random = randomStream(Number(values.seed), 'soak')
const below = (count: number) => Math.floor(random() * count)

const api = new FakeApi()
const names = Array.from({ length: NODES }, (_, i) => `node-${String(i).padStart(3, '0')}`)
for (const name of names) api.put('nodes', node(name))
const folder = mkdtempSync(join(tmpdir(), 'stowage-soak-'))
const kubeconfig = join(folder, 'kubeconfig')
writeFileSync(kubeconfig, (await api.start()).exportConfig())
const port = 27_500
const url = `http://127.0.0.1:${port}`
const words = ['--packing', 'fgd', '--kubeconfig', kubeconfig, '--listen', `127.0.0.1:${port}`, '--settle', '0s', '--expiry', '5s']
const child = spawn(
  process.execPath,
  [STOWAGE, 'extender', ...words, '--grace', '1s', '--drift-every', '15s', '--drift-settle', '2s', '--log-level', 'error'],
  {
    stdio: ['ignore', 'inherit', 'inherit'],
  },
)

interface Sample {
  readonly hours: number
  readonly heap: number
  readonly resident: number
}
const samples: Sample[] = []
const counts: Record<string, number> = {}
const count = (what: string) => {
  counts[what] = (counts[what] ?? 0) + 1
}
let next = 0
const absent: string[] = []

try {
  while (!(await fetch(`${url}/readyz`).catch(() => null))?.ok) await pause(200)
  const began = performance.now()
  let told = 0
  for (let step = 0; performance.now() - began < minutes * 60_000; step++) {
    await churn()
    if (step % 400 === 0) disturb(step / 400)
    const late = began + (step * 1000) / STEPS_A_SECOND - performance.now()
    if (late > 0) await pause(late)
    if (performance.now() - began > told * 10_000) {
      const seen = await metrics()
      samples.push({
        hours: (performance.now() - began) / 3_600_000,
        heap: seen('nodejs_heap_size_used_bytes') / 1e6,
        resident: seen('process_resident_memory_bytes') / 1e6,
      })
      if (told % 6 === 0) console.log(line(seen))
      told++
    }
  }
  const failures = await finish()
  for (const failure of failures) console.error(`failed: ${failure}`)
  process.exitCode = failures.length > 0 ? 1 : 0
} finally {
  child.kill('SIGTERM')
  await api.stop()
  rmSync(folder, { recursive: true, force: true })
}

/** One pod comes, and something becomes of it; above the number of pods that shall be there one goes. */
async function churn(): Promise<void> {
  const key = `pod-${next++}`
  api.put('pods', pod(key, MILLI[below(MILLI.length)]))
  const decided = await post('filter', { Pod: api.pod(`default/${key}`), Nodes: null, NodeNames: names })
  const chosen = (decided.NodeNames as readonly string[])[0]
  const fate = below(100)
  if (chosen === undefined) {
    count('no room')
    api.remove('pods', `default/${key}`)
  } else if (fate < 88) {
    const { Error: wrong } = await post('bind', { PodName: key, PodNamespace: 'default', PodUID: `uid-${key}`, Node: chosen })
    count(wrong === '' ? 'bound' : 'refused')
  } else if (fate < 92) {
    count('turned down')
    api.put('pods', { ...api.pod(`default/${key}`), status: { conditions: [{ type: 'PodScheduled', status: 'False' }] } } as never)
  } else if (fate < 96) {
    count('deleted before it was bound')
    api.remove('pods', `default/${key}`)
  } else count('forgotten by the scheduler')
  while (api.objects.pods.size > ALIVE) {
    const keys = [...api.objects.pods.keys()]
    const gone = keys[below(keys.length)]
    if (below(2) === 0 && api.pod(gone).spec?.nodeName) api.put('pods', { ...api.pod(gone), status: { phase: 'Succeeded' } })
    api.remove('pods', gone)
  }
}

/** About every 10 s: the world is not as it should be. */
function disturb(turn: number): void {
  const used = new Set([...api.objects.pods.values()].map((one) => (one.spec as { nodeName?: string }).nodeName))
  const back = absent.shift()
  if (back) api.put('nodes', node(back))
  const idle = names.filter((name) => !used.has(name) && api.objects.nodes.has(name))
  if (turn % 2 === 0 && idle.length > 0) {
    const name = idle[below(idle.length)]
    // Only where no reservation may stand that is not bound yet.
    if (turn % 4 === 0) api.put('nodes', node(name, 4 + below(3)))
    else {
      api.remove('nodes', name)
      absent.push(name)
    }
    count('node changed')
  }
  if (turn % 3 === 0) {
    api.breakWatches()
    count('watches broken')
  }
  if (turn % 12 === 0) {
    api.isSilent = true
    api.put('nodes', api.objects.nodes.values().next().value as never)
    api.isSilent = false
    api.oldest = Number.MAX_SAFE_INTEGER
    api.breakWatches()
    setTimeout(() => {
      api.oldest = 0
    }, 1000)
    count('history lost')
  }
  for (const one of [...api.objects.pods.values()].slice(0, 20)) api.send('pods', 'MODIFIED', one)
}

/** What is not as it must be. */
async function finish(): Promise<readonly string[]> {
  let seen = await metrics()
  for (let tries = 0; tries < 30 && seen('stowage_reservations') > 0; tries++) {
    await pause(1000)
    seen = await metrics()
  }
  await pause(20_000)
  seen = await metrics()
  const nodes = [...api.objects.nodes.values()]
  const double = overAllocated(nodes as never, [...api.objects.pods.values()] as never)
  // After collections: the least of each minute; the first fifth is the filling of caches.
  const settled = samples.filter(({ hours }) => hours > minutes / 60 / 5)
  const growth = { heap: slope(leastOfMinutes(settled, 'heap')), resident: slope(leastOfMinutes(settled, 'resident')) }
  console.log(line(seen))
  console.log(
    `${next} pods: ${Object.entries(counts)
      .map(([what, many]) => `${what} ${many}`)
      .join(', ')}`,
  )
  console.log(
    `memory by the least of each minute: heap ${growth.heap.toFixed(1)} MB an hour, resident ${growth.resident.toFixed(1)} MB an hour`,
  )
  return [
    ...double.map((one) => `given twice: ${one}`),
    ...['stowage_reservations', 'stowage_overfull_nodes', 'stowage_overfull_devices', 'stowage_drift_total'].flatMap((name) =>
      seen(name) === 0 ? [] : [`${name} is ${seen(name)}`],
    ),
    ...(seen('stowage_drift_checks_total') > 0 ? [] : ['no drift check was made']),
    ...(minutes >= LEAST_MINUTES && growth.heap > MOST_GROWTH ? [`the heap grows by ${growth.heap.toFixed(1)} MB an hour`] : []),
  ]
}

function leastOfMinutes(all: readonly Sample[], what: 'heap' | 'resident'): readonly (readonly [number, number])[] {
  const least = new Map<number, number>()
  for (const sample of all) {
    const minute = Math.floor(sample.hours * 60)
    least.set(minute, Math.min(least.get(minute) ?? Number.POSITIVE_INFINITY, sample[what]))
  }
  return [...least].map(([minute, value]) => [minute / 60, value])
}

/** Least squares. */
function slope(points: readonly (readonly [number, number])[]): number {
  const mean = (at: 0 | 1) => points.reduce((sum, point) => sum + point[at], 0) / points.length
  const [x, y] = [mean(0), mean(1)]
  return (
    points.reduce((sum, point) => sum + (point[0] - x) * (point[1] - y), 0) / points.reduce((sum, point) => sum + (point[0] - x) ** 2, 0)
  )
}

function line(seen: (name: string) => number): string {
  const { hours, heap, resident } = samples.at(-1) ?? { hours: 0, heap: 0, resident: 0 }
  const figures = {
    heap: `${heap.toFixed(0)} MB`,
    resident: `${resident.toFixed(0)} MB`,
    bound: seen('stowage_pods_bound'),
    reserved: seen('stowage_reservations'),
    drift: seen('stowage_drift_total'),
    late: seen('stowage_watch_late_total'),
    checks: seen('stowage_drift_checks_total'),
    breaks: seen('stowage_watch_breaks_total'),
    rebuilds: seen('stowage_cell_rebuilds_total'),
    'CPU s': seen('process_cpu_seconds_total').toFixed(0),
  }
  return `${(60 * hours).toFixed(0)} min: ${Object.entries(figures)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ')}`
}

/** A metric by name, summed over its labels. */
async function metrics(): Promise<(name: string) => number> {
  const text = await (await fetch(`${url}/metrics`)).text()
  return (name) => [...text.matchAll(new RegExp(`^${name}(?:\\{.*\\})? (\\S+)$`, 'gm'))].reduce((sum, [, value]) => sum + Number(value), 0)
}

async function post(verb: string, body: unknown): Promise<Readonly<Record<string, unknown>>> {
  const headers = { 'content-type': 'application/json' }
  const response = await fetch(`${url}/${verb}`, { method: 'POST', headers, body: JSON.stringify(body) })
  const answer = (await response.json()) as Record<string, unknown>
  if (!response.ok) throw new Error(`${verb} was answered ${response.status}: ${JSON.stringify(answer)}`)
  return answer
}
