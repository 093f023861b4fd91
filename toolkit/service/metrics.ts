/** /metrics, as Prometheus reads it. */
import type { Snapshot } from '../metrics/index.ts'
import type { Kit } from './kit.ts'
import { KS, OUTSIDE, PSI, VERSION, WINDOW_EVENTS } from './meters.ts'

/** @param others the figures of the other processes of the service */
export function metrics(kit: Kit, others: () => Promise<readonly Snapshot[]>): void {
  const { registry, models } = kit
  registry.onCollect(() => {
    for (const [name] of [VERSION, PSI, KS, OUTSIDE, WINDOW_EVENTS]) registry.forget({}, name)
    for (const { active } of models.entries) {
      const labels = { model: active.name, version: active.version }
      registry.gauge(...VERSION, { ...labels, sha256: active.source.sha256 }).value = 1
      const measured = active.window?.measure()
      if (!measured) continue
      registry.gauge(...WINDOW_EVENTS, labels).value = measured.events
      registry.gauge(...OUTSIDE, labels).value = measured.events > 0 ? measured.outside : 0
      for (const { kind, name, psi, ks } of measured.variables) {
        const its = { ...labels, kind, name }
        registry.gauge(...PSI, its).value = psi
        registry.gauge(...KS, its).value = ks
      }
    }
  })
  kit.get('/metrics', 'read', async (exchange) => {
    return exchange.answer(registry.text(await others()), 'text/plain; version=0.0.4; charset=utf-8')
  })
}
