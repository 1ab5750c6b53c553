import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { KubeConfig } from '@kubernetes/client-node'
import type { Node, Pod } from '../../../workloads/index.ts'

type Stored = (Node | Pod) & { readonly metadata: Record<string, unknown> }
type Kind = 'nodes' | 'pods'

/** Events that are kept for watches that begin again; etcd forgets what is older than 5 minutes. */
const HISTORY = 10_000

/** As much of an API server as the extender asks for, in memory, over HTTP on loopback: list, watch, get a pod, bind. */
export class FakeApi {
  readonly objects: Readonly<Record<Kind, Map<string, Stored>>> = { nodes: new Map(), pods: new Map() }
  /** Answers every request with this status instead, where it is not 0. */
  failing = 0
  /** Sends changes to no watch. */
  isSilent = false
  /** Watches from before this version are answered 410. */
  oldest = 0
  readonly bindings: { readonly pod: string; readonly node: string; readonly annotations: Readonly<Record<string, string>> }[] = []
  lists = 0
  private version = 1
  private readonly watches: { readonly kind: Kind; readonly response: ServerResponse }[] = []
  private readonly history: { readonly kind: Kind; readonly version: number; readonly line: string }[] = []
  private readonly server = createServer((request, response) => void this.answer(request, response))

  async start(): Promise<KubeConfig> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve))
    const { port } = this.server.address() as AddressInfo
    const config = new KubeConfig()
    config.loadFromClusterAndUser({ name: 'fake', server: `http://127.0.0.1:${port}`, skipTLSVerify: true }, { name: 'nobody' })
    return config
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections()
    await new Promise((resolve) => this.server.close(resolve))
  }

  get watchesOpen(): number {
    return this.watches.length
  }

  /** Keeps from the watches what happens, until it is let go. */
  holdBack(): void {
    for (const { response } of this.watches) response.cork()
  }

  letGo(): void {
    for (const { response } of this.watches) response.uncork()
  }

  breakWatches(): void {
    for (const { response } of this.watches.splice(0)) response.destroy()
  }

  put(kind: Kind, object: Node | Pod): void {
    const key = keyOf(object)
    const isNew = !this.objects[kind].has(key)
    const stored = { ...object, metadata: { ...object.metadata, resourceVersion: String(++this.version) } } as Stored
    this.objects[kind].set(key, stored)
    this.send(kind, isNew ? 'ADDED' : 'MODIFIED', stored)
  }

  remove(kind: Kind, key: string): void {
    const stored = this.objects[kind].get(key)
    if (!stored) return
    this.objects[kind].delete(key)
    this.send(kind, 'DELETED', { ...stored, metadata: { ...stored.metadata, resourceVersion: String(++this.version) } } as Stored)
  }

  /** Sends an event as it is, whatever there is. */
  send(kind: Kind, type: string, object: Stored): void {
    const line = `${JSON.stringify({ type, object })}\n`
    if (this.isSilent) return
    this.history.push({ kind, version: this.version, line })
    if (this.history.length > HISTORY) this.oldest = Math.max(this.oldest, this.history.shift()?.version ?? 0)
    for (const watch of this.watches) if (watch.kind === kind) watch.response.write(line)
  }

  pod(key: string): Pod {
    const found = this.objects.pods.get(key)
    if (!found) throw new Error(`no pod ${key}`)
    return found as Pod
  }

  bind(key: string, node: string, annotations: Readonly<Record<string, string>> = {}): void {
    const pod = this.pod(key)
    this.put('pods', { ...pod, metadata: { ...pod.metadata, annotations } as Pod['metadata'], spec: { ...pod.spec, nodeName: node } })
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://fake')
    if (this.failing) return reply(response, this.failing, { kind: 'Status', code: this.failing })
    const [, kind] = /^\/api\/v1\/(nodes|pods)$/.exec(pathname) ?? []
    const [, namespace, name, verb] = /^\/api\/v1\/namespaces\/([^/]+)\/pods\/([^/]+)(\/binding)?$/.exec(pathname) ?? []
    if (kind && searchParams.get('watch')) return this.watch(kind as Kind, Number(searchParams.get('resourceVersion')), response)
    if (kind) {
      this.lists++
      const items = [...this.objects[kind as Kind].values()]
      return reply(response, 200, { kind: 'List', metadata: { resourceVersion: String(this.version) }, items })
    }
    const stored = this.objects.pods.get(`${namespace}/${name}`) as Pod | undefined
    if (!stored) return reply(response, 404, { kind: 'Status', code: 404 })
    if (!verb) return reply(response, 200, stored)
    const binding = await bodyOf(request)
    if (stored.spec?.nodeName || binding.metadata.uid !== stored.metadata?.uid) return reply(response, 409, { kind: 'Status', code: 409 })
    this.bindings.push({ pod: `${namespace}/${name}`, node: binding.target.name, annotations: binding.metadata.annotations })
    this.bind(`${namespace}/${name}`, binding.target.name, binding.metadata.annotations)
    return reply(response, 201, { kind: 'Status', status: 'Success' })
  }

  private watch(kind: Kind, from: number, response: ServerResponse): void {
    if (from < this.oldest) {
      reply(response, 410, { kind: 'Status', code: 410 })
      return
    }
    response.writeHead(200, { 'content-type': 'application/json' })
    response.flushHeaders()
    for (const event of this.history) if (event.kind === kind && event.version > from) response.write(event.line)
    this.watches.push({ kind, response })
    response.on('close', () => {
      const at = this.watches.findIndex((watch) => watch.response === response)
      if (at >= 0) this.watches.splice(at, 1)
    })
  }
}

const keyOf = ({ metadata = {} }: Node | Pod) => (metadata.namespace ? `${metadata.namespace}/${metadata.name}` : String(metadata.name))

function reply(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

async function bodyOf(request: IncomingMessage) {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part as Buffer)
  return JSON.parse(Buffer.concat(parts).toString())
}
