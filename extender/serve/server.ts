import { readFileSync } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import Fastify, { type FastifyBaseLogger, type FastifyInstance, type FastifyReply, LogController } from 'fastify'
import { InputError } from '../../sim/index.ts'
import type { Binder } from './binder.ts'
import { BodyReader } from './body-reader.ts'
import type { Explanations } from './explanations.ts'
import type { Metrics } from './metrics.ts'
import type { Verbs } from './verbs.ts'
import { type ExtenderArgs, readBindingArgs, readExtenderArgs, readPreemptionArgs } from './wire.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Milliseconds, on the clock of performance.now(): when its body had come whole; 0 where it has none. */
    wholeAt: number
  }
}

export interface ServerOptions {
  /** Bytes of a request's body; more is refused with 413. */
  readonly bodyLimit: number
  /** Milliseconds in which a request must have come whole; else 408. */
  readonly requestTimeout: number
  readonly tls: { readonly cert: string; readonly key: string; readonly clientCa?: string } | null
  readonly log: FastifyBaseLogger
}

export interface Served {
  readonly verbs: Verbs
  readonly binder: Binder
  readonly explanations: Explanations
  readonly metrics: Metrics
  /** Why requests are not answered now; empty when they are. */
  readonly notReady: () => string
}

/** Go's client keeps idle connections for 90 s: who closes first must not be the server, or a request in flight is lost. */
const KEEP_ALIVE = 120_000

/** The HTTP(S) server that kube-scheduler posts to, with health, metrics and explanations beside it. */
export function createServer(served: Served, options: ServerOptions): FastifyInstance {
  const app = bareServer(options)
  const { verbs, binder, metrics } = served
  app.addHook('onResponse', async (request, reply) => {
    const verb = request.routeOptions.url?.slice(1).split('/')[0] ?? 'unknown'
    const elapsed = request.wholeAt === 0 ? reply.elapsedTime : performance.now() - request.wholeAt
    metrics.seconds.observe({ verb, status: reply.statusCode }, elapsed / 1000)
  })
  app.setErrorHandler((error: Error & { readonly statusCode?: number }, _, reply) => {
    const status = error instanceof InputError ? 400 : (error.statusCode ?? 500)
    if (status >= 500) options.log.error({ error: error.stack }, 'a request could not be answered')
    void reply.code(status).send({ error: error.message })
  })
  app.setNotFoundHandler((request, reply) => reply.code(404).send({ error: `no such verb: ${request.method} ${request.url}` }))

  const unlessReady =
    <Args>(read: (body: unknown) => Args, answer: (args: Args) => unknown, isExempt: (args: Args) => boolean) =>
    async (request: { readonly body: unknown }, reply: FastifyReply) => {
      const args = read(request.body)
      const why = served.notReady()
      return why !== '' && !isExempt(args) ? reply.code(503).send({ error: why }) : answer(args)
    }
  const passes = ({ pod }: { readonly pod: ExtenderArgs['pod'] }) => verbs.isLetThrough(pod)
  // Filter has a field for what is wrong with a pod, which people see in its events; prioritize and preempt have none.
  app.post(
    '/filter',
    unlessReady(readExtenderArgs, (args) => orError(() => verbs.filter(args)), passes),
  )
  app.post(
    '/prioritize',
    unlessReady(readExtenderArgs, (args) => verbs.prioritize(args), passes),
  )
  app.post(
    '/preempt',
    unlessReady(readPreemptionArgs, (args) => verbs.preempt(args), passes),
  )
  app.post(
    '/bind',
    unlessReady(
      readBindingArgs,
      async (args) => ({ Error: await binder.bind(args) }),
      ({ namespace }) => verbs.isLetThrough({ metadata: { namespace } }),
    ),
  )
  addMonitoring(app, served)
  return app
}

/** Health, metrics and explanations alone: for an address that probes and Prometheus reach and the scheduler does not. */
export function createMonitor(served: Served, options: ServerOptions): FastifyInstance {
  const app = bareServer({ ...options, tls: null })
  addMonitoring(app, served)
  return app
}

function bareServer({ bodyLimit, requestTimeout, tls, log }: ServerOptions): FastifyInstance {
  const common = {
    bodyLimit,
    requestTimeout,
    keepAliveTimeout: KEEP_ALIVE,
    http: { headersTimeout: requestTimeout, connectionsCheckingInterval: Math.min(1000, requestTimeout) },
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true }),
    forceCloseConnections: 'idle' as const,
    return503OnClosing: true,
  }
  const app = (tls ? Fastify({ ...common, https: secured(tls, requestTimeout) }) : Fastify(common)) as unknown as FastifyInstance
  app.removeAllContentTypeParsers()
  const reader = new BodyReader()
  app.decorateRequest('wholeAt', 0)
  app.addContentTypeParser('application/json', (request, payload, done) => {
    collect(payload, Number(request.headers['content-length']), bodyLimit)
      .then((parts) => {
        request.wholeAt = performance.now()
        return reader.read(parts)
      })
      .then(
        (body) => done(null, body),
        (error) => done(error),
      )
  })
  return app
}

/** The parts of a body. Throws what has the status of the answer: 413 above the limit. */
function collect(payload: IncomingMessage, length: number, limit: number): Promise<readonly Buffer[]> {
  return new Promise((resolve, reject) => {
    const refuse = () => reject(Object.assign(new Error(`the body is larger than ${limit} bytes`), { statusCode: 413 }))
    if (length > limit) return refuse()
    const parts: Buffer[] = []
    let received = 0
    payload.on('data', (part: Buffer) => {
      received += part.length
      if (received > limit) refuse()
      else parts.push(part)
    })
    payload.on('end', () => resolve(parts))
    payload.on('error', (error) => reject(Object.assign(error, { statusCode: 400 })))
  })
}

/** With a client CA nobody gets in without a certificate of it. */
function secured({ cert, key, clientCa }: NonNullable<ServerOptions['tls']>, requestTimeout: number) {
  return {
    cert: readFileSync(cert),
    key: readFileSync(key),
    ...(clientCa && { ca: readFileSync(clientCa), requestCert: true, rejectUnauthorized: true }),
    headersTimeout: requestTimeout,
    connectionsCheckingInterval: Math.min(1000, requestTimeout),
  }
}

function addMonitoring(app: FastifyInstance, { notReady, metrics, explanations }: Served): void {
  app.get('/healthz', async () => ({ status: 'ok' }))
  app.get('/readyz', async (_, reply) => {
    const why = notReady()
    return why === '' ? { status: 'ok' } : reply.code(503).send({ error: why })
  })
  app.get('/metrics', async (_, reply) => reply.type(metrics.registry.contentType).send(await metrics.registry.metrics()))
  app.get<{ Params: { namespace: string; name: string } }>('/explain/:namespace/:name', async ({ params }, reply) => {
    const why = notReady()
    if (why !== '') return reply.code(503).send({ error: why })
    const key = `${params.namespace}/${params.name}`
    return explanations.explain(key) ?? reply.code(404).send({ error: `nothing is known of pod ${key}` })
  })
}

async function orError<Result extends { readonly Error: string }>(
  answer: () => Promise<Result>,
): Promise<Result | { readonly Error: string }> {
  try {
    return await answer()
  } catch (error) {
    if (error instanceof InputError)
      return { NodeNames: [], Nodes: null, FailedNodes: {}, FailedAndUnresolvableNodes: {}, Error: error.message } as never
    throw error
  }
}
