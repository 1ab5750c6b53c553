import { createServer, type IncomingMessage, request as plain, type ServerResponse } from 'node:http'
import { request as secure } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { RandomStream } from '../../sim/index.ts'

/**
 * `pass`; `hang`: nothing gets through in either direction, and nobody is told; `refuse`: connections are closed; `meddle`: watches say
 * things twice, late and out of order, and repeat what is long past; `gone`: watches end, as one does whose history is lost (410).
 */
export type Mischief = 'pass' | 'hang' | 'refuse' | 'meddle' | 'gone'

/** How many lines of a watch are remembered to be said again. */
const REMEMBERED = 200

/** An HTTP server that stands between a client and a server, and does not always do what it should. */
export class Meddler {
  mode: Mischief = 'pass'
  /** Milliseconds that every answer takes longer. */
  delay = 0
  meddled = 0
  lists = 0
  private readonly open = new Set<ServerResponse>()
  private readonly waiting: (() => void)[] = []
  private readonly target: URL
  private readonly random: RandomStream
  private readonly server = createServer((request, response) => this.forward(request, response))

  constructor(target: string, random: RandomStream) {
    this.target = new URL(target)
    this.random = random
  }

  /** Gives its address. */
  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve))
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`
  }

  set(mode: Mischief): void {
    this.mode = mode
    if (mode === 'refuse') for (const response of this.open) response.destroy()
    if (mode === 'gone') for (const response of this.open) this.end(response)
    if (mode === 'pass') for (const go of this.waiting.splice(0)) go()
  }

  async stop(): Promise<void> {
    this.set('pass')
    this.server.closeAllConnections()
    await new Promise((resolve) => this.server.close(resolve))
  }

  private forward(request: IncomingMessage, response: ServerResponse): void {
    if (this.mode === 'refuse') {
      response.destroy()
      return
    }
    this.whenLet(() => {
      const isWatch = /[?&]watch=/.test(request.url ?? '')
      if (!isWatch && /^\/api\/v1\/pods(\?|$)/.test(request.url ?? '')) this.lists++
      const ask = this.target.protocol === 'https:' ? secure : plain
      const options = {
        method: request.method,
        headers: { ...request.headers, host: this.target.host },
        rejectUnauthorized: false,
        agent: false as const,
      }
      const sent = ask(new URL(request.url ?? '/', this.target), options, (answer) => {
        setTimeout(() => this.whenLet(() => this.answer(answer, response, isWatch)), this.delay)
      })
      sent.on('error', () => response.destroy())
      response.on('close', () => sent.destroy())
      request.pipe(sent)
    })
  }

  private answer(answer: IncomingMessage, response: ServerResponse, isWatch: boolean): void {
    const { 'content-length': _, ...headers } = answer.headers
    response.writeHead(answer.statusCode ?? 502, isWatch ? headers : answer.headers)
    response.flushHeaders()
    answer.on('error', () => response.destroy())
    if (!isWatch) {
      answer.pipe(response)
      return
    }
    this.open.add(response)
    response.on('close', () => this.open.delete(response))
    let rest = ''
    const past: string[] = []
    const held: string[] = []
    answer.setEncoding('utf8')
    answer.on('data', (part: string) => {
      const lines = (rest + part).split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) this.whenLet(() => this.say(`${line}\n`, response, past, held))
    })
    answer.on('end', () => this.whenLet(() => response.end()))
  }

  private say(line: string, response: ServerResponse, past: string[], held: string[]): void {
    past.push(line)
    if (past.length > REMEMBERED) past.shift()
    if (this.mode !== 'meddle') {
      response.write(line)
      return
    }
    this.meddled++
    const chance = this.random()
    if (chance < 0.3) {
      held.push(line)
      setTimeout(() => {
        const at = held.indexOf(line)
        if (at >= 0) response.write(held.splice(at, 1)[0])
      }, 300)
    } else {
      response.write(line)
      if (chance < 0.6) response.write(line)
    }
    response.write(past[Math.floor(this.random() * past.length)])
    if (chance > 0.8) for (const late of held.splice(0).reverse()) response.write(late)
  }

  private end(response: ServerResponse): void {
    const object = {
      kind: 'Status',
      apiVersion: 'v1',
      status: 'Failure',
      reason: 'Expired',
      code: 410,
      message: 'too old resource version',
    }
    response.end(`${JSON.stringify({ type: 'ERROR', object })}\n`)
  }

  private whenLet(go: () => void): void {
    if (this.mode === 'hang') this.waiting.push(go)
    else go()
  }
}
