import { setTimeout as pause } from 'node:timers/promises'
import type { FastifyBaseLogger, FastifyInstance } from 'fastify'
import type { Node, Pod } from '../../workloads/index.ts'
import { Binder } from './binder.ts'
import { ClusterState, type StateEvent, type StateOptions } from './cluster-state.ts'
import { listDevices } from './device-list.ts'
import { checkDrift, type Heard } from './drift-check.ts'
import { Explanations } from './explanations.ts'
import { Freshness } from './freshness.ts'
import { versionOf } from './holding.ts'
import type { KubeApi } from './kube-api.ts'
import { createMetrics } from './metrics.ts'
import { ReservationKeeper } from './reservation-keeper.ts'
import { createMonitor, createServer, type Served, type ServerOptions } from './server.ts'
import { type Decision, type Mode, type VerbOptions, Verbs } from './verbs.ts'

export interface Address {
  readonly host: string
  /** 0: any that is free. */
  readonly port: number
}

export interface ExtenderOptions
  extends Omit<StateOptions, 'now' | 'tell'>,
    Omit<VerbOptions, 'decided' | 'doubt' | 'mode'>,
    Omit<ServerOptions, 'log'> {
  readonly mode: Mode
  readonly listen: Address
  /** A second address with health, metrics and explanations only; null: none. */
  readonly monitor: Address | null
  /** Milliseconds between the first list and the first answer, in which binds that were under way before a restart become known. */
  readonly settle: number
  /** Milliseconds between two drift checks, and how long a difference must last to count as drift. */
  readonly driftEvery: number
  readonly driftSettle: number
  readonly log: FastifyBaseLogger
}

/** How often reservations are looked after, milliseconds. */
const TEND_EVERY = 500

/** A policy of the simulator, served to kube-scheduler: the state follows the API server, the server answers from it. */
export class Extender {
  readonly state: ClusterState
  private readonly api: KubeApi
  private readonly options: ExtenderOptions
  private readonly metrics: ReturnType<typeof createMetrics>
  private readonly servers: readonly { readonly app: FastifyInstance; readonly at: Address }[]
  private readonly keeper: ReservationKeeper
  private readonly timers: NodeJS.Timeout[] = []
  private notReady = 'the cluster is still being read'
  private readonly heard: Heard = { nodes: 0, pods: 0 }
  private isChecking = false
  private isFreshening = false

  constructor(api: KubeApi, options: ExtenderOptions) {
    this.api = api
    this.options = options
    const { log } = options
    this.state = new ClusterState({ ...options, now: () => performance.now(), tell: (event, about) => this.told(event, about) })
    this.metrics = createMetrics(this.state)
    const explanations = new Explanations(this.state)
    const freshness = new Freshness(api, this.heard)
    const verbs = new Verbs(this.state, {
      ...options,
      doubt: (pod) => freshness.doubt(pod),
      decided: (decision, pod) => {
        this.decided(decision)
        this.freshenSoon()
        explanations.remember(decision, pod, new Date().toISOString())
      },
    })
    this.keeper = new ReservationKeeper(this.state, api)
    const served: Served = {
      verbs,
      binder: new Binder(this.state, verbs, api),
      explanations,
      metrics: this.metrics,
      notReady: () => this.notReady,
    }
    const monitor = options.monitor ? [{ app: createMonitor(served, { ...options, log }), at: options.monitor }] : []
    this.servers = [{ app: createServer(served, { ...options, log }), at: options.listen }, ...monitor]
  }

  /** Listens at once, answering 503; resolves when it is ready. Gives the addresses. */
  async start(): Promise<readonly string[]> {
    const { log, settle, driftEvery } = this.options
    const addresses: string[] = []
    for (const { app, at } of this.servers) addresses.push(await app.listen(at))
    log.info({ addresses }, 'listening')
    const { state } = this
    const heard =
      <One extends Pod | Node>(kind: keyof Heard, tell: (one: One) => void) =>
      (one: One) => {
        this.heard[kind] = Math.max(this.heard[kind], versionOf(one))
        try {
          tell(one)
        } catch (error) {
          // The client takes what is thrown here for a line that makes no sense, and says nothing.
          this.failed(`news of ${kind}`, error)
        }
      }
    await this.api.watch({
      nodeChanged: heard('nodes', (node) => state.nodeChanged(node)),
      nodeGone: heard('nodes', (node) => state.nodeGone(node)),
      podChanged: heard('pods', (pod) => state.podChanged(pod)),
      podGone: heard('pods', (pod) => state.podGone(pod)),
      broken: (kind, error, wait) => {
        this.metrics.broken.inc({ kind })
        log.warn({ kind, error: String(error), wait }, 'a watch broke, and is begun again')
      },
    })
    if (settle > 0) {
      this.notReady = 'the cluster has been read; binds that were under way are waited for'
      await pause(settle)
    }
    state.cell()
    if (this.notReady === STOPPING) return addresses
    this.notReady = ''
    this.timers.push(setInterval(() => void this.keeper.tend().catch((error) => this.failed('reservations', error)), TEND_EVERY))
    if (driftEvery > 0) this.timers.push(setInterval(() => void this.checkDrift(), driftEvery))
    log.info({ nodes: state.nodes.count, pods: state.all().length }, 'ready')
    return addresses
  }

  /** Answers what was asked, takes no more, and lets go of the API server. */
  async stop(): Promise<void> {
    this.notReady = STOPPING
    for (const timer of this.timers) clearInterval(timer)
    await Promise.all(this.servers.map(({ app }) => app.close()))
    await this.api.stop()
    this.options.log.info('stopped')
  }

  async checkDrift(): Promise<void> {
    if (this.isChecking) return
    this.isChecking = true
    const { log, driftSettle } = this.options
    try {
      const { cluster, late, cell } = await checkDrift(this.state, this.api, this.heard, () => pause(driftSettle))
      this.metrics.checks.inc()
      this.metrics.drift.inc({ kind: 'cluster' }, cluster.length)
      this.metrics.drift.inc({ kind: 'cell' }, cell.length)
      this.metrics.late.inc(late.length)
      if (late.length > 0) log.warn({ late }, 'the watch was behind the API server, whose word was taken')
      if (cluster.length + cell.length > 0) log.error({ cluster, cell }, 'the state had drifted, and was put right')
    } catch (error) {
      this.failed('the drift check', error)
    } finally {
      this.isChecking = false
    }
  }

  /** Between requests; one that comes meanwhile waits for a small step only. */
  private freshenSoon(): void {
    if (this.isFreshening) return
    this.isFreshening = true
    setImmediate(() => {
      this.isFreshening = false
      if (this.state.freshen()) this.freshenSoon()
    })
  }

  private failed(what: string, error: unknown): void {
    this.options.log.error({ error: error instanceof Error ? error.stack : String(error) }, `${what} failed`)
  }

  private decided(decision: Decision): void {
    this.metrics.decisions.inc({ outcome: decision.outcome })
    const { devices } = decision
    this.options.log.debug({ ...decision, ...(devices !== undefined && { devices: listDevices(devices) }) }, 'decided')
  }

  private told(event: StateEvent, about: string): void {
    const { log } = this.options
    if (event === 'rebuilt') {
      this.metrics.rebuilds.inc()
      log.info({ about }, 'the cell was made anew')
    } else if (event === 'unreadable') {
      this.metrics.unreadable.inc()
      log.warn({ about }, 'a bound pod makes no sense, and counts for nothing')
    } else {
      this.metrics.reservations.inc({ event })
      if (event === 'failed' || event === 'expired' || event === 'moved') log.info({ pod: about, event }, 'a reservation was given up')
      else log.debug({ pod: about, event }, 'reservation')
    }
  }
}

const STOPPING = 'stopping'
