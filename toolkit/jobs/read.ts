/** Reads the events of a job. */
import { type EventSource, type Loaded, load, type Reading } from '../events/index.ts'
import { checkNamed } from './columns.ts'
import type { JobOptions } from './job.ts'

/** How much was read, and how fast. */
export interface ReadingRate {
  events: number
  bytes: number
  seconds: number
}

/** Events, and how fast they were read. */
export interface EventsRead extends Loaded {
  rate: ReadingRate
}

/** Loads events, and the columns `beside` their inputs. @param reading as for `read` */
export async function readEvents(
  source: EventSource,
  features: readonly string[],
  beside: readonly string[],
  { onProgress, signal }: JobOptions,
  reading?: Reading,
): Promise<EventsRead> {
  checkNamed(source)
  const began = performance.now()
  const loaded = await load(source, features, beside, {
    ...reading,
    onPiece() {
      signal?.throwIfAborted()
      onProgress?.({ stage: 'reading', done: source.bytesRead(), total: source.size })
    },
  })
  const rate = { events: loaded.count, bytes: source.bytesRead(), seconds: (performance.now() - began) / 1000 }
  return { ...loaded, rate }
}
