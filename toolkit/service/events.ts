/** Events as a stream: NDJSON or CSV in, the same with scores out, as `predict --keep all` joins them. */
import type { Kit } from './kit.ts'

export function events(kit: Kit): void {
  for (const path of ['/v2/models/:model', '/v2/models/:model/versions/:version']) {
    kit.post(`${path}/events`, 'score', async (exchange) => {
      // What reads events needs the streams of Node, which some hosts have not.
      const { scoredEvents } = await import('./scored-events.ts')
      return scoredEvents(kit, exchange)
    })
  }
}
