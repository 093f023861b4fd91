/** The event that somebody tries: where its values may lie, and where they begin. */
import { type Drone, domainOf } from 'nndrone'
import { numbersOf, type Part, partOf } from './documents.ts'
import type { Range } from './field.ts'

/** An input as it is tried. */
export interface Slider {
  name: string
  /** In training, where the drone tells; else where most values lie, as its scaling has it. */
  range: Range
  known: boolean
  start: number
}

/** Deviations from the mean at which a range ends that nobody knows. */
const WIDE = 3

export function slidersOf(drone: Drone, own: Part): Slider[] {
  const domain = domainOf(drone.network)
  const quantiles = partOf(partOf(own.quantiles).inputs)
  return drone.network.inputs.map(({ name, offset, scale }, i) => {
    const spread = scale === 0 ? 1 : Math.abs(WIDE / scale)
    const known = domain[i] !== undefined && domain[i]![0] < domain[i]![1]
    const range: Range = known ? domain[i]! : [-offset - spread, -offset + spread]
    const all = numbersOf(quantiles[name])
    const median = all[(all.length - 1) / 2]
    const start = median !== undefined && median >= range[0] && median <= range[1] ? median : (range[0] + range[1]) / 2
    return { name, range, known, start: Number(start.toPrecision(4)) }
  })
}

/** The bits of an f32, in hexadecimal digits. */
export function bitsOf(score: number): string {
  const view = new DataView(new ArrayBuffer(4))
  view.setFloat32(0, score)
  return view.getUint32(0).toString(16).padStart(8, '0')
}

/** A range and a little of what lies around it. */
export function widened([least, greatest]: Range): Range {
  const room = (greatest - least) * 0.12
  return [least - room, greatest + room]
}
