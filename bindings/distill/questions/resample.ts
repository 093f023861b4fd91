/** Events like real ones: each is one of them that was moved a little (a smoothed bootstrap). */
import { Random } from '../../arithmetic/random.ts'
import type { Numbers } from '../../engines/api.ts'
import { ConfigurationError, refuse } from '../../errors.ts'
import { checkOptions, type OptionTypes } from '../../options.ts'
import { inPieces, Pauses } from '../pauses.ts'
import { type Coordinate, coordinatesOf, fromCoordinates, inOrder, intoCoordinates, someRows } from './coordinates.ts'
import { covariance, root } from './covariance.ts'
import { checkCoordinates, readCoordinate, writtenCoordinate } from './names.ts'
import { gaussian } from './random.ts'

export interface ResampleOptions {
  /** How many events to make: a whole number from 0. */
  count: number
  /** Of every random choice; 1 unless given. */
  seed?: number
  /** How columns are moved, in place of what is found: `log(pt)`, `max - min`, `log(max - min)`, or `pt` as it is. */
  coordinates?: readonly string[]
}

export interface Resampled {
  /** [count × inputs] */
  events: Float64Array
  /** How each column was moved. */
  coordinates: string[]
}

const OPTIONS: OptionTypes<ResampleOptions> = { count: '', seed: '', coordinates: '' }

/** Events that are made at once, between two looks at the clock. */
const AT_ONCE = 256

/**
 * The covariance of the moves in units of the events' own: 0.03 measured best with 10,000 B decays, 0.13 with 500. Where
 * there are more events, each needs to be moved less.
 */
function bandwidth(events: number): number {
  return Math.min(0.4, 0.03 * Math.sqrt(10_000 / events))
}

/**
 * Events like the real ones [n × inputs], which a teacher can be asked about: each is a real one, moved by Gaussian noise
 * of the events' own covariance, the less the more events there are. A column that is positive and skewed is moved in its
 * logarithm, and of two that are always ordered the difference is moved, so that both stay so. What is missing stays
 * missing, a value that one event in 20 has exactly stays as it is, and whole numbers stay whole.
 * @throws ConfigurationError on an option that does not fit
 * @example
 * const { events: more } = await resample(events, ['pt', 'eta'], { count: 10_000 })
 * const answers = await teacher.predictBatch(more)
 */
export async function resample(
  events: Numbers,
  inputs: readonly string[],
  options: ResampleOptions,
): Promise<Resampled> {
  checkOptions('resample', options, OPTIONS)
  const { count, seed = 1, coordinates: given } = options
  if (!Number.isSafeInteger(count) || count < 0) refuse('count', count, 'a whole number from 0')
  const rows = events.length / inputs.length
  if (!Number.isInteger(rows) || rows === 0) {
    refuse('events', events, `a positive multiple of ${inputs.length} numbers`)
  }
  return resampledBy(events, inputs, { count, coordinates: given }, new Random(seed))
}

/** As `resample`, by random numbers that others go on with. */
export async function resampledBy(
  events: Numbers,
  inputs: readonly string[],
  { count, coordinates: given }: ResampleOptions,
  random: Random,
): Promise<Resampled> {
  const coordinates = await chosenCoordinates(events, inputs, given)
  const made = await moved(events, coordinates, count, random)
  return { events: made, coordinates: coordinates.map((coordinate, i) => writtenCoordinate(coordinate, i, inputs)) }
}

/** @throws ConfigurationError where one cannot be read, or columns are differences to each other */
async function chosenCoordinates(
  events: Numbers,
  inputs: readonly string[],
  given: readonly string[] = [],
): Promise<Coordinate[]> {
  checkCoordinates(given, inputs)
  const coordinates = await coordinatesOf(events, inputs.length)
  for (const [k, text] of given.entries()) {
    const { column, base, logarithm } = readCoordinate(text, inputs, `coordinates[${k}]`)
    const known = coordinates[column]!
    coordinates[column] = { ...known, base, offset: logarithm ? (known.offset ?? 0) : undefined }
    if (logarithm) coordinates[column] = withOffset(events, inputs.length, column, coordinates[column]!)
  }
  for (const i of coordinates.keys()) {
    let [at, steps] = [coordinates[i]!.base, 0]
    while (at !== undefined && steps++ <= inputs.length) at = coordinates[at]!.base
    if (at === undefined) continue
    throw new ConfigurationError(`coordinates: ${inputs[i]} is a difference to itself by way of others`)
  }
  return coordinates
}

/** With a logarithm that was asked for: its offset follows from the mean of what is positive. */
function withOffset(events: Numbers, width: number, column: number, coordinate: Coordinate): Coordinate {
  const { base } = coordinate
  let [sum, positive] = [0, 0]
  for (let at = 0; at < events.length; at += width) {
    const value = events[at + column]! - (base === undefined ? 0 : events[at + base]!)
    if (!(value > 0 && Number.isFinite(value))) continue
    sum += value
    positive++
  }
  return { ...coordinate, offset: positive > 0 ? (1e-3 * sum) / positive : 1e-3 }
}

/** @returns [count × coordinates] */
async function moved(
  events: Numbers,
  coordinates: readonly Coordinate[],
  count: number,
  random: Random,
): Promise<Float64Array> {
  const width = coordinates.length
  const rows = events.length / width
  const triangle = root(await covariance(await sample(events, coordinates), width, new Pauses()), width)
  const order = inOrder(coordinates)
  const size = Math.sqrt(bandwidth(rows))
  const made = new Float64Array(count * width)
  const noise = new Float64Array(width)
  await inPieces(
    count,
    (first, end) => {
      for (let n = first; n < end; n++) {
        const event = made.subarray(n * width, (n + 1) * width)
        const from = random.below(rows) * width
        intoCoordinates(events, from, coordinates, event)
        for (let i = 0; i < width; i++) noise[i] = size * gaussian(random)
        for (let i = 0; i < width; i++) {
          for (let j = 0; j <= i; j++) event[i]! += triangle[i * width + j]! * noise[j]!
        }
        fromCoordinates(event, events, from, coordinates, order)
      }
    },
    AT_ONCE,
  )
  return made
}

/** The coordinates of the events, or of many of them. */
async function sample(events: Numbers, coordinates: readonly Coordinate[]): Promise<Float64Array> {
  const width = coordinates.length
  const rows = someRows(events.length / width)
  const out = new Float64Array(rows.length * width)
  await inPieces(
    rows.length,
    (first, end) => {
      for (let k = first; k < end; k++) {
        intoCoordinates(events, rows[k]! * width, coordinates, out.subarray(k * width, (k + 1) * width))
      }
    },
    AT_ONCE,
  )
  return out
}
