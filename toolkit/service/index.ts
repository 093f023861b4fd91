/**
 * Drones as a service: a `fetch` handler for Node, Deno, Bun and edge hosts. `nndrone serve` is a shell around it.
 */
import { Hono } from 'hono'
import { WINDOW } from '../drift/index.ts'
import { Registry } from '../metrics/index.ts'
import { Guard, type OpenTo, type Tokens } from './auth.ts'
import { cors } from './cors.ts'
import { events } from './events.ts'
import { Failure } from './failure.ts'
import { Kit } from './kit.ts'
import { LIMITS, type Limits } from './limits.ts'
import { Log, type LogSink } from './log.ts'
import { metrics } from './metrics.ts'
import { type Keeper, Models } from './models.ts'
import { openapi } from './openapi.ts'
import { ALONE, type Peers } from './peers.ts'
import { droneSource } from './source.ts'
import { tfaas } from './tfaas.ts'
import { v2 } from './v2.ts'
import { versions } from './versions.ts'

export type { OpenTo, Role, Tokens } from './auth.ts'
export { Exchange, type Handler, Kit } from './kit.ts'
export type { Limits } from './limits.ts'
export type { LogSink } from './log.ts'
export type { Entry, Keeper, Pointer } from './models.ts'
export { Models } from './models.ts'
export type { Served, Source } from './served.ts'

export interface ServiceOptions {
  /** Drones by their names: text, bytes, or parsed JSON. They are version 1 of their models. */
  drones?: Readonly<Record<string, unknown>>
  /** Who may read and write; nobody may write without a token. */
  tokens?: Tokens
  /** What needs no token: `scoring`, `reading` (which is more), or `nothing`; all but writing unless given. */
  open?: OpenTo
  limits?: Limits
  /** Events of the window in which drift is measured; 10,000 unless given. */
  window?: number
  /** Takes the lines of the log; nowhere unless given. */
  log?: LogSink
  /** Names that a request may give for this host, without ports; any unless given. */
  hosts?: readonly string[]
  /** Origins whose pages may ask, such as `https://example.org`; none unless given. */
  origins?: readonly string[]
  /** Where new versions are kept; in memory alone unless given. */
  keeper?: Keeper
  /** The other processes of the service; none unless given. */
  peers?: Peers
  /** Adds routes. */
  extend?(kit: Kit): void
}

export interface Service {
  /** Answers a request. */
  fetch(request: Request, env?: unknown, context?: unknown): Response | Promise<Response>
  readonly models: Models
  readonly registry: Registry
  readonly kit: Kit
  /** Takes no further requests; resolves once those that are being answered are. */
  drain(): Promise<void>
}

/**
 * A service of drones: the Open Inference Protocol v2, the API of TFaaS, streams of events, versions, metrics and drift.
 * @throws ConfigurationError where a drone is none
 * @example
 * const { fetch } = await service({ drones: { best: await readFile('drone.json') } })
 * export default { fetch }
 */
export async function service(options: ServiceOptions = {}): Promise<Service> {
  const { drones = {}, tokens = {}, open = 'reading', window = WINDOW, keeper, peers = ALONE } = options
  const registry = new Registry()
  const models = new Models({ registry, window, keeper })
  for (const [name, document] of Object.entries(drones)) models.add(name, '1', await droneSource(bytesOf(document)))
  const app = new Hono()
  const kit = new Kit(app, {
    ...{ models, registry, guard: new Guard(tokens, open), peers },
    limits: { ...LIMITS, ...options.limits },
    log: new Log(options.log),
    hosts: options.hosts && new Set(options.hosts.map((host) => host.toLowerCase())),
    origins: new Set(options.origins),
  })
  if (options.origins && options.origins.length > 0) cors(kit, options.origins)
  for (const routes of [v2, tfaas, events, versions, metrics, openapi]) routes(kit)
  options.extend?.(kit)
  kit.otherwise(({ request }) => {
    throw new Failure(
      404,
      `${request.method} ${new URL(request.url).pathname.slice(0, 200)}: there is no such thing; /openapi.json tells what there is`,
    )
  })
  peers.listen({
    state: () => ({ metrics: registry.snapshot(), windows: models.windows }),
    async changed(chosen) {
      models.chosen = chosen ?? models.chosen
      await models.keeper?.scan?.()
    },
  })
  models.onChange = () => peers.tell(models.chosen)
  return {
    ...{ models, registry, kit },
    fetch: (request, env) => app.fetch(request, env as object | undefined),
    async drain() {
      kit.draining = true
      while (kit.pending > 0) await new Promise((resolve) => setTimeout(resolve, 20))
    },
  }
}

function bytesOf(document: unknown): Uint8Array {
  if (document instanceof Uint8Array) return document
  return new TextEncoder().encode(typeof document === 'string' ? document : JSON.stringify(document))
}
