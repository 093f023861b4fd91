// What a program of Node does with its streams.
import { Readable } from 'node:stream'
import type { ReadableStream } from 'node:stream/web'
import { Drone, distill, type Scored } from 'nndrone'
import { Pool } from 'nndrone/pool'

interface Ev {
  pt: number
}

declare const source: ReadableStream<Ev>
declare const batches: ReadableStream<Float64Array>

using drone = Drone.from(Buffer.from('{}'))
await using pool = await Pool.start(drone)
export const scored: ReadableStream<Scored<Ev>> = source.pipeThrough(drone.transform<Ev>())
export const scores: ReadableStream<Float32Array> = batches.pipeThrough(pool.transform())
export const readable = Readable.fromWeb(scored)
distill({ events: new Float32Array(1), inputs: ['x'], teacher: drone, signal: AbortSignal.timeout(1000) })
// @ts-expect-error no signal
distill({ events: new Float32Array(1), inputs: ['x'], teacher: drone, signal: 7 })
