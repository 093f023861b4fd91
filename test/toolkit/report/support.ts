/** Drones, teachers and events in memory, for reports. */
import { Drone, formatJSON } from '../../../bindings/index.ts'
import type { EventSource } from '../../../toolkit/events/index.ts'
import { DroneModel, type Model } from '../../../toolkit/models/index.ts'
import { randomNetwork, seeded } from '../../support.ts'

export interface DroneShape {
  inputs: readonly string[]
  hidden?: number
  outputs?: number
  /** Of its JSON. */
  nndrone?: Readonly<Record<string, unknown>>
  defaults?: boolean
  name?: string
}

/** A drone of random weights. */
export function droneOf({
  inputs,
  hidden = 5,
  outputs = 1,
  nndrone,
  defaults,
  name = 'drone.json',
}: DroneShape): DroneModel {
  const network = randomNetwork(seeded(1), { widths: [inputs.length, hidden, outputs] })
  const named = inputs.map((name) => ({ name, offset: 0, scale: 1, ...(defaults && { default: 0 }) }))
  const drone = Drone.from({ ...network, inputs: named, ...(nndrone && { nndrone }) })
  return new DroneModel({ path: `/somewhere/${name}`, bytes: Buffer.from(formatJSON(drone.toJSON())) })
}

/** A teacher that answers by a function of the event. */
export function teacherOf(
  inputs: readonly string[],
  answer: (event: Float64Array) => number | number[],
  outputs = 1,
): Model {
  const names = Array.from({ length: outputs }, (_, o) => `class ${o}`)
  const width = inputs.length
  return {
    ...{
      file: { path: '/elsewhere/teacher.h5', name: 'teacher.h5' },
      inputs,
      outputs: names,
      optional: new Set(inputs),
    },
    async predictBatch(events) {
      const count = events.length / width
      const rows = Array.from({ length: count }, (_, n) =>
        answer(Float64Array.from(events.subarray(n * width, (n + 1) * width))),
      )
      return Float32Array.from(rows.flat())
    },
    describe: () => ({ format: 'a function', parameters: 1000 }),
  }
}

export interface InMemory extends EventSource {
  /** How often it was read, and closed. */
  readings: number
  closings: number
}

/** @param rows [n][columns] */
export function eventsOf(columns: readonly string[], rows: readonly (readonly number[])[], piece = 1000): InMemory {
  const source: InMemory = {
    ...{ name: '/data/events.csv', format: 'csv', columns, size: 1000, readings: 0, closings: 0 },
    bytesRead: () => 500,
    async close() {
      source.closings++
    },
    async *read(wanted) {
      source.readings++
      const at = wanted.map((name) => columns.indexOf(name))
      for (let n = 0; n < rows.length; n += piece) {
        const those = rows.slice(n, n + piece)
        yield { rows: Float64Array.from(those.flatMap((row) => at.map((i) => row[i]!))), kept: undefined }
      }
    },
  }
  return source
}

/** Labelled events of two inputs, a and b, the signal around 1 and the background around −1. */
export function labelled(count: number, seed = 7): number[][] {
  const random = seeded(seed)
  const noise = () => random.uniform() + random.uniform() + random.uniform() + random.uniform() - 2
  return Array.from({ length: count }, () => {
    const label = random.below(2)
    const centre = label ? 0.6 : -0.6
    return [centre + noise(), centre + noise(), label]
  })
}

export const sigmoid = (x: number) => 1 / (1 + Math.exp(-x))
