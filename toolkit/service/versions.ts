/** Versions of models: which there are, new ones, which of them answers; and what is known of each. */

import { Failure } from './failure.ts'
import type { Exchange, Kit } from './kit.ts'
import { bytesOf } from './limits.ts'
import type { Entry } from './models.ts'
import type { PeerState } from './peers.ts'
import type { Served } from './served.ts'
import { servedFor } from './v2.ts'

export function versions(kit: Kit): void {
  const { models } = kit
  kit.get('/v2/models', 'read', async (exchange) => {
    const peers = await kit.peers.states()
    return exchange.json(models.entries.map((entry) => summary(entry, peers)))
  })
  kit.get('/v2/models/:model/versions', 'read', (exchange) =>
    exchange.json(listOf(models.entry(exchange.param('model')))),
  )
  kit.put('/v2/models/:model/versions/:version', 'write', (exchange) => put(kit, exchange))
  kit.post('/v2/models/:model/versions/:version/promote', 'write', async (exchange) => {
    return changed(kit, exchange, 'promoted', await models.promote(exchange.param('model'), exchange.param('version')))
  })
  kit.post('/v2/models/:model/rollback', 'write', async (exchange) => {
    return changed(kit, exchange, 'rolled back', await models.rollBack(exchange.param('model')))
  })
  for (const path of ['/v2/models/:model', '/v2/models/:model/versions/:version']) {
    kit.get(`${path}/drone.json`, 'read', (exchange) => {
      const { source, name } = servedFor(kit, exchange)
      if (!source.document) throw new Failure(404, `${name} is a teacher, and has no drone.json`)
      return exchange.answer(source.document, 'application/json', 200, { etag: `"${source.sha256}"` })
    })
    kit.get(`${path}/drift`, 'read', async (exchange) => {
      const served = servedFor(kit, exchange)
      return exchange.json(driftOf(served, await kit.peers.states()))
    })
  }
}

async function put(kit: Kit, exchange: Exchange): Promise<Response> {
  const [name, version] = [exchange.param('model'), exchange.param('version')]
  const promote = /^(1|true)?$/.test(exchange.context.req.query('promote') ?? 'no')
  const document = await bytesOf(exchange, kit.limits)
  const { served, created } = await kit.models.put(name, version, document, promote)
  const { sha256 } = served.source
  kit.log.tell('info', 'a version was put', { id: exchange.id, model: name, version, sha256, created })
  const active = kit.models.entry(name).active.version
  return exchange.json({ name, version, sha256, active }, created ? 201 : 200)
}

function changed(kit: Kit, exchange: Exchange, what: string, entry: Entry): Response {
  const { name, pointer } = entry
  kit.log.tell('info', `a version was ${what}`, { id: exchange.id, model: name, version: pointer.active })
  return exchange.json(listOf(entry))
}

/** The versions of a model, and which of them answers. */
function listOf({ name, pointer, versions }: Entry) {
  return {
    ...{ name, active: pointer.active, before: pointer.before },
    versions: [...versions.values()].map(({ version, source, since }) => ({
      ...{ version, sha256: source.sha256, platform: source.platform, since: new Date(since).toISOString() },
      active: version === pointer.active,
    })),
  }
}

/** What a person sees of a model first. */
function summary({ name, active, pointer, versions }: Entry, peers: readonly PeerState[]) {
  const { inputs, outputs, source, meters } = active
  const { drone } = source
  const drift = active.measure(peers)
  const { fidelity } = (drone?.network.nndrone ?? {}) as { fidelity?: unknown }
  return {
    ...{
      name,
      active: pointer.active,
      versions: [...versions.keys()],
      platform: source.platform,
      sha256: source.sha256,
    },
    ...{ inputs, outputs, parameters: drone?.parameters, hidden: drone?.hidden, cuts: drone?.cuts, fidelity },
    live: {
      ...meters.live(peers.map((peer) => peer.metrics)),
      drift: drift && {
        ...{ events: drift.events, outside: drift.events > 0 ? drift.outside : undefined, drifted: drift.drifted },
        variables: drift.variables.filter(({ drifted }) => drifted).map(({ kind, name }) => ({ kind, name })),
      },
    },
  }
}

function driftOf(served: Served, peers: readonly PeerState[]) {
  const { name, version } = served
  const drift = served.measure(peers)
  if (!drift) throw new Failure(404, `${name} is a teacher, and knows nothing of its training`)
  const { outside, ...measured } = drift
  return { model: name, version, ...measured, outside: Number.isFinite(outside) ? outside : null }
}
