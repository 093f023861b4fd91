/** What all routes have in common: who may ask, limits, ids and traces, answers, figures and the log. */
import type { Context, Hono } from 'hono'
import type { Registry } from '../metrics/index.ts'
import type { Guard, Role } from './auth.ts'
import { Failure, failureOf } from './failure.ts'
import type { Incoming, Limits } from './limits.ts'
import type { Log } from './log.ts'
import { HTTP, PENDING } from './meters.ts'
import type { Models } from './models.ts'
import type { Peers } from './peers.ts'
import type { Served } from './served.ts'
import { requestId, type Trace, traceOf, traceparent } from './trace.ts'

/** What the server of Node tells beside a request. */
interface NodeEnv {
  incoming?: { headers: Readonly<Record<string, string | string[] | undefined>> }
}

/** A request that is being answered. */
export class Exchange implements Incoming {
  readonly context: Context
  readonly request: Request
  readonly id: string
  readonly trace: Trace | undefined
  /** When it came, in milliseconds of `performance.now()`. */
  readonly began = performance.now()
  /** The version that answers, once it is known; events that it scored. */
  served: Served | undefined
  events = 0
  /** Figures and the log wait for this, where an answer goes on after it has begun. */
  finished: Promise<void> | undefined
  /** As Node has them, where it is Node: those of the request would be made anew. */
  readonly #headers: Readonly<Record<string, string | string[] | undefined>> | undefined

  constructor(context: Context) {
    this.context = context
    this.request = context.req.raw
    this.#headers = (context.env as NodeEnv | undefined)?.incoming?.headers
    this.id = requestId(this.header('x-request-id'))
    this.trace = traceOf(this.header('traceparent'))
  }

  /** @param name in small letters */
  header(name: string): string | undefined {
    if (!this.#headers) return this.request.headers.get(name) ?? undefined
    const value = this.#headers[name]
    return typeof value === 'string' ? value : value?.join(', ')
  }

  /** A part of the path, as `:model`. */
  param(name: string): string {
    return this.context.req.param(name) ?? ''
  }

  json(value: unknown, status = 200, more?: Readonly<Record<string, string>>): Response {
    return this.answer(JSON.stringify(value), 'application/json', status, more)
  }

  answer(
    body: string | Uint8Array | ReadableStream<Uint8Array> | null,
    type: string,
    status = 200,
    more?: Readonly<Record<string, string>>,
  ): Response {
    const headers: Record<string, string> = {
      'content-type': type,
      'x-request-id': this.id,
      ...SAFE,
      ...(this.trace && { traceparent: traceparent(this.trace) }),
      ...more,
    }
    return new Response(body as BodyInit | null, { status, headers })
  }
}

/** No page of another origin is to make anything of an answer, nor a browser to guess what it is. */
const SAFE = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
}

export type Handler = (exchange: Exchange) => Response | Promise<Response>

export interface KitOptions {
  models: Models
  registry: Registry
  guard: Guard
  limits: Required<Limits>
  log: Log
  peers: Peers
  /** Names that a request may give for this host; any unless given. */
  hosts: ReadonlySet<string> | undefined
  /** Origins whose pages may ask. */
  origins: ReadonlySet<string>
}

export class Kit {
  readonly app: Hono
  readonly models: Models
  readonly registry: Registry
  readonly guard: Guard
  readonly limits: Required<Limits>
  readonly log: Log
  readonly peers: Peers
  readonly #hosts: ReadonlySet<string> | undefined
  readonly #origins: ReadonlySet<string>
  /** Requests that are being answered. */
  pending = 0
  /** No further work is taken. */
  draining = false

  constructor(app: Hono, options: KitOptions) {
    this.app = app
    this.models = options.models
    this.registry = options.registry
    this.guard = options.guard
    this.limits = options.limits
    this.log = options.log
    this.peers = options.peers
    this.#hosts = options.hosts
    this.#origins = options.origins
    const pending = this.registry.gauge(...PENDING)
    this.registry.onCollect(() => {
      pending.value = this.pending
    })
  }

  get(path: string, role: Role, handler: Handler): void {
    this.app.get(path, this.#wrapped(path, role, handler))
  }

  post(path: string, role: Role, handler: Handler): void {
    this.app.post(path, this.#wrapped(path, role, handler))
  }

  put(path: string, role: Role, handler: Handler): void {
    this.app.put(path, this.#wrapped(path, role, handler))
  }

  delete(path: string, role: Role, handler: Handler): void {
    this.app.delete(path, this.#wrapped(path, role, handler))
  }

  /** What is asked for at an address that no route has. */
  otherwise(handler: Handler): void {
    this.app.notFound(this.#wrapped('other', 'open', handler))
  }

  #wrapped(route: string, role: Role, handler: Handler) {
    const counters = new Map<number, { add(): void }>()
    const counterOf = (status: number) => {
      const known = counters.get(status)
      if (known) return known
      const counter = this.registry.counter(...HTTP, { route, status: String(status) })
      counters.set(status, counter)
      return counter
    }
    return async (context: Context): Promise<Response> => {
      const exchange = new Exchange(context)
      this.pending++
      let [response, reason]: [Response | undefined, string | undefined] = [undefined, undefined]
      try {
        this.#check(exchange, role)
        response = await handler(exchange)
      } catch (error) {
        const failure = failureOf(error)
        if (failure.status >= 500 && !(error instanceof Failure)) {
          this.log.tell('error', 'bug', {
            id: exchange.id,
            stack: error instanceof Error ? error.stack : String(error),
          })
        }
        reason = failure.message
        exchange.served?.meters.failed(failure.status < 500 ? 'REJECTED' : 'OTHER')
        response = exchange.json({ error: failure.message }, failure.status, failure.headers)
      }
      if (this.#origins.size > 0) this.#allow(exchange, response)
      const { status } = response
      const finish = () => {
        this.pending--
        counterOf(status).add()
        this.#write(exchange, status, reason)
      }
      if (exchange.finished) exchange.finished.then(finish, finish)
      else finish()
      return response
    }
  }

  #check(exchange: Exchange, role: Role): void {
    if (this.#hosts && !this.#hosts.has(hostOf(exchange))) {
      throw new Failure(403, 'this service is not known by this name; name it with --allow-host')
    }
    if (role === 'open') return
    this.guard.check(role, exchange.header('authorization'))
    if (this.draining) throw new Failure(503, 'the service is ending', { 'retry-after': '1', connection: 'close' })
    if (this.pending > this.limits.requests) {
      throw new Failure(429, `${this.limits.requests} requests are being answered already`, { 'retry-after': '1' })
    }
  }

  /** A page of another origin may read the answer. */
  #allow(exchange: Exchange, response: Response): void {
    const origin = exchange.header('origin')
    if (origin === undefined || !this.#origins.has(origin)) return
    response.headers.set('access-control-allow-origin', origin)
    response.headers.set('vary', 'origin')
  }

  #write(
    { id, context, request, began, trace, served, events }: Exchange,
    status: number,
    reason: string | undefined,
  ): void {
    if (this.log.silent) return
    let more = served ? `,"model":"${served.name}","version":"${served.version}","events":${events}` : ''
    if (trace) more += `,"trace":"${trace.id}","span":"${trace.span}","parent":"${trace.parent}"`
    if (reason !== undefined) more += `,"error":${JSON.stringify(reason)}`
    const microseconds = Math.round(1000 * (performance.now() - began))
    this.log.request({ id, method: request.method, path: context.req.path, status, microseconds, more })
  }
}

/** The name that a request gives for this host, without the port. */
function hostOf(exchange: Exchange): string {
  const host = exchange.header('host') ?? ''
  return host.replace(/:\d+$/, '').toLowerCase()
}
