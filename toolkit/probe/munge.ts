/**
 * Events like those of a file, in the manner of MUNGE (Buciluǎ, Caruana and Niculescu-Mizil, Model Compression, KDD
 * 2006): each feature of an event is, now and then, drawn anew about that of the event's nearest neighbour.
 */
import { type Random, standardised, statistics } from 'nndrone'
import { normal } from '../normal.ts'

/** The probability that a feature is drawn anew; the deviation of the draw is the distance of the two. */
const SWAPS = 0.5

/** Neighbours are looked for among so many events, since each is compared with each. */
const MOST = 5000

/** @returns [count × width] */
export async function munged(
  events: Float64Array,
  width: number,
  count: number,
  random: Random,
): Promise<Float64Array> {
  const chosen = some(events, width, random)
  const pool = chosen.length / width
  const neighbour = await neighbours(chosen, width)
  const made = new Float64Array(count * width)
  for (let n = 0; n < count; n++) {
    const own = random.below(pool)
    for (let i = 0; i < width; i++) {
      const value = chosen[own * width + i]!
      const other = chosen[neighbour[own]! * width + i]!
      const drawn = random.uniform() < SWAPS
      made[n * width + i] = drawn ? other + Math.abs(value - other) * normal(random) : value
    }
  }
  return made
}

/** All events, or so many of them by chance: a file may hold all of one kind first. */
function some(events: Float64Array, width: number, random: Random): Float64Array {
  if (events.length <= MOST * width) return events
  const order = Uint32Array.from({ length: events.length / width }, (_, n) => n)
  random.shuffle(order)
  const chosen = new Float64Array(MOST * width)
  for (let k = 0; k < MOST; k++) chosen.set(events.subarray(order[k]! * width, (order[k]! + 1) * width), k * width)
  return chosen
}

/** For each event the number of the nearest other one; features count in units of their deviation. */
async function neighbours(events: Float64Array, width: number): Promise<Uint32Array> {
  const scale = (await statistics(events, width)).map((input) => standardised(input).scale)
  const scaled = events.map((value, i) => (Number.isFinite(value) ? value * scale[i % width]! : 0))
  const count = events.length / width
  return Uint32Array.from({ length: count }, (_, own) => {
    let [nearest, least] = [own, Number.POSITIVE_INFINITY]
    for (let other = 0; other < count; other++) {
      if (other === own) continue
      let distance = 0
      for (let i = 0; i < width && distance < least; i++) {
        distance += (scaled[own * width + i]! - scaled[other * width + i]!) ** 2
      }
      if (distance < least) [nearest, least] = [other, distance]
    }
    return nearest
  })
}
