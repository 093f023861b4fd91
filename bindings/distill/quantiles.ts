/** How inputs and scores were distributed in training: later events are compared with it. */
import type { Drone } from '../drone.ts'
import type { Numbers } from '../engines/api.ts'
import type { Data } from './data.ts'
import { inPieces, Pauses } from './pauses.ts'
import { thinned } from './standardise.ts'

/** By name the values below which 0, 5, 10, …, 100 % of the events lie. */
type ByName = Record<string, number[]>

export interface Quantiles {
  /** How many events were looked at: of very many, every k-th. */
  events: number
  /** Missing values do not count; an input without any value is absent. */
  inputs: ByName
  /** Of the drone's scores. */
  outputs: ByName
  /** The fraction of the events that lack a value of an input, where any does. */
  missing?: Record<string, number>
  /** The fraction of the values that are at most each quantile, where many equal ones make it another than 0, 5, 10, … %. */
  atMost?: { inputs?: ByName; outputs?: ByName }
}

export interface TrainingQuantiles extends Quantiles {
  /** Of the events with label 1, where there are any. */
  signal?: Quantiles
  /** Of the events with label 0, where there are any. */
  background?: Quantiles
}

const STEPS = 20

/** @param training the numbers of the events that were trained with */
export async function quantilesOf(
  drone: Drone,
  data: Data,
  training: Uint32Array,
  labels?: ArrayLike<number>,
): Promise<TrainingQuantiles> {
  const all: TrainingQuantiles = await quantilesAmong(drone, data, training)
  for (const [kind, label] of [
    ['signal', 1],
    ['background', 0],
  ] as const) {
    const chosen = labels ? training.filter((n) => labels[n] === label) : training.subarray(0, 0)
    if (chosen.length > 0) all[kind] = await quantilesAmong(drone, data, chosen)
  }
  return all
}

async function quantilesAmong(drone: Drone, { events, names }: Data, among: Uint32Array): Promise<Quantiles> {
  const chosen = thinned(among)
  const width = names.length
  const rows = new Float64Array(chosen.length * width)
  await inPieces(chosen.length, (from, to) => {
    for (let k = from; k < to; k++) rows.set(events.subarray(chosen[k]! * width, (chosen[k]! + 1) * width), k * width)
  })
  const scores = new Float32Array(chosen.length * drone.outputs.length)
  await inPieces(chosen.length, (from, to) => {
    const outputs = drone.outputs.length
    drone.predictBatch(rows.subarray(from * width, to * width), scores.subarray(from * outputs, to * outputs))
  })
  const inputs = await distributions(rows, names)
  const outputs = await distributions(scores, drone.outputs)
  const tied = { ...someOf('inputs', inputs.atMost), ...someOf('outputs', outputs.atMost) }
  return {
    ...{ events: chosen.length, inputs: inputs.values, outputs: outputs.values },
    ...someOf('missing', inputs.missing),
    ...someOf('atMost', tied),
  }
}

/** A property where there is anything in it. */
function someOf<Name extends string, Value extends object>(name: Name, value: Value): Partial<Record<Name, Value>> {
  return Object.keys(value).length > 0 ? ({ [name]: value } as Record<Name, Value>) : {}
}

/** @param table [n × names] */
async function distributions(table: Numbers, names: readonly string[]) {
  const pauses = new Pauses()
  const count = table.length / names.length
  const known: { values: [string, number[]][]; atMost: [string, number[]][]; missing: [string, number][] } = {
    ...{ values: [], atMost: [], missing: [] },
  }
  for (const [i, name] of names.entries()) {
    const column = Float64Array.from({ length: count }, (_, n) => table[n * names.length + i]!)
    const finite = column.filter(Number.isFinite).sort()
    if (finite.length < count) known.missing.push([name, short(1 - finite.length / count)])
    if (finite.length > 0) {
      const values = quantiles(finite)
      known.values.push([name, values])
      const fractions = values.map((value) => short(countAtMost(finite, value) / finite.length))
      const close = Math.max(0.005, 1.5 / finite.length)
      if (fractions.some((fraction, k) => Math.abs(fraction - k / STEPS) > close)) known.atMost.push([name, fractions])
    }
    await pauses.ifDue()
  }
  return {
    values: Object.fromEntries(known.values),
    atMost: Object.fromEntries(known.atMost),
    missing: Object.fromEntries(known.missing),
  }
}

function short(fraction: number): number {
  return Number(fraction.toPrecision(6))
}

/** How many of the sorted values are at most so large. */
function countAtMost(sorted: Float64Array, value: number): number {
  let [low, high] = [0, sorted.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (sorted[middle]! <= value) low = middle + 1
    else high = middle
  }
  return low
}

/** @param sorted at least one value; each quantile is the one of them that is nearest by rank, to 12 digits */
function quantiles(sorted: Float64Array): number[] {
  return Array.from({ length: STEPS + 1 }, (_, k) => {
    const value = sorted[Math.round((k / STEPS) * (sorted.length - 1))]!
    return Number(value.toPrecision(12))
  })
}
