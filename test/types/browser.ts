// What a page does with its own streams.
import { createEngine, Drone, distill, type Scored } from 'nndrone'
import { Swarm } from 'nndrone/swarm'

interface Ev {
  pt: number
}

declare const source: ReadableStream<Ev>
declare const lists: ReadableStream<Ev[]>
declare const module: WebAssembly.Module

const engine = createEngine({ module })
const drone = Drone.from('{}', { engine })
export const swarm = new Swarm({ module })
export const scored: ReadableStream<Scored<Ev>> = source.pipeThrough(drone.transform<Ev>())
export const exact: ReadableStream<Ev & { signal: number }> = source.pipeThrough(
  drone.transform<Ev, Ev & { signal: number }>(),
)
export const plain = source.pipeThrough(drone.transform()).pipeThrough(swarm.transform({ prefix: 'swarm_' }))
export const listed: ReadableStream<Scored<Ev>[]> = lists.pipeThrough(drone.transform<Ev[]>())
distill({ events: new Float32Array(1), inputs: ['x'], teacher: drone, signal: AbortSignal.timeout(1000), engine })
// @ts-expect-error no signal
distill({ events: new Float32Array(1), inputs: ['x'], teacher: drone, signal: 7 })
