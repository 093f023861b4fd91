/** /metrics, as Prometheus reads it. */
import type { Kit } from './kit.ts'
import { KS, OUTSIDE, PSI, VERSION, WINDOW_EVENTS } from './meters.ts'
import type { PeerState } from './peers.ts'

export function metrics(kit: Kit): void {
  kit.get('/metrics', 'read', async (exchange) => {
    const peers = await kit.peers.states()
    setGauges(kit, peers)
    const text = kit.registry.text(peers.map((peer) => peer.metrics))
    return exchange.answer(text, 'text/plain; version=0.0.4; charset=utf-8')
  })
}

/** Sets what is told of the versions that answer, and forgets what was told of others. */
function setGauges({ registry, models }: Kit, peers: readonly PeerState[]): void {
  for (const [name] of [VERSION, PSI, KS, OUTSIDE, WINDOW_EVENTS]) registry.forget({}, name)
  for (const { active } of models.entries) {
    const labels = { model: active.name, version: active.version }
    registry.gauge(...VERSION, { ...labels, sha256: active.source.sha256 }).value = 1
    const measured = active.measure(peers)
    if (!measured) continue
    registry.gauge(...WINDOW_EVENTS, labels).value = measured.events
    registry.gauge(...OUTSIDE, labels).value = measured.events > 0 ? measured.outside : 0
    for (const { kind, name, psi, ks } of measured.variables) {
      const its = { ...labels, kind, name }
      registry.gauge(...PSI, its).value = psi
      registry.gauge(...KS, its).value = ks
    }
  }
}
