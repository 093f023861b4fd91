/** The ROC curve of many events, as few points as a picture needs, and the area of the whole curve. */
import { auc, roc, type WorkingPoint } from 'nndrone'

export interface RocCurve {
  /** From the tightest cut to the loosest; none where there is no signal, or no background. */
  points: WorkingPoint[]
  /** Of the whole curve; NaN where there is none. */
  auc: number
  signal: number
  background: number
  /** Events without a score. */
  unscored: number
}

/** Points of a curve at most. */
const POINTS = 200

/**
 * Different scores that are told apart: more than this are gathered in groups of as many events each. That moves the
 * area by 1/16,384 at most, and by far less where signal and background mix.
 */
const LEVELS = 16_384

/**
 * The curve of scores: at most 200 of its points, and its exact area.
 * @param labels 1 signal, 0 background
 * @throws EvaluationError on another label
 */
export function rocCurve(scores: ArrayLike<number>, labels: ArrayLike<number>): RocCurve {
  const known = scored(scores, labels)
  const signal = known.labels.reduce((sum, label) => sum + Number(label === 1), 0)
  const background = known.labels.length - signal
  const counts = { signal, background, unscored: scores.length - known.scores.length }
  if (signal === 0 || background === 0) return { points: [], auc: Number.NaN, ...counts }
  const points = roc(levelled(known.scores), known.labels)
  return { points: thinned(points, POINTS), auc: auc(known.scores, known.labels), ...counts }
}

function scored(scores: ArrayLike<number>, labels: ArrayLike<number>) {
  const known = new Float64Array(scores.length)
  const theirs = new Float64Array(scores.length)
  let count = 0
  for (let i = 0; i < scores.length; i++) {
    if (Number.isNaN(scores[i]!)) continue
    known[count] = scores[i]!
    theirs[count++] = labels[i]!
  }
  return { scores: known.subarray(0, count), labels: theirs.subarray(0, count) }
}

/** Each score lowered to the lowest of its group, so that every point of the curve is a cut that exists. */
function levelled(scores: Float64Array): Float64Array {
  if (scores.length <= LEVELS) return scores
  const sorted = scores.slice().sort()
  const levels = Float64Array.from({ length: LEVELS }, (_, i) => sorted[Math.floor((i * sorted.length) / LEVELS)]!)
  return sorted.map((_, i) => levels[lastUpTo(levels, scores[i]!)]!)
}

/** The last of ascending numbers that is not above the value. */
function lastUpTo(ascending: Float64Array, value: number): number {
  let [low, high] = [0, ascending.length]
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if (ascending[middle]! <= value) low = middle
    else high = middle
  }
  return low
}

/** A stretch of the curve that is drawn as a straight line, and where it is farthest from it. */
interface Stretch {
  from: number
  to: number
  farthest: number
  /** Area between the curve and the straight line, wherever it lies. */
  area: number
}

/** The points that keep the curve's shape: the stretch with the most area beside its straight line is split first. */
function thinned(points: WorkingPoint[], most: number): WorkingPoint[] {
  // The curve begins where nothing passes; the first point may be far from there.
  const curve = [{ threshold: Infinity, efficiency: 0, rejection: 1 }, ...points]
  if (curve.length <= most) return curve
  const stretches = [stretch(curve, 0, curve.length - 1)]
  while (stretches.length < most - 1) {
    const worst = stretches.reduce((a, b) => (b.area > a.area ? b : a))
    if (worst.area === 0) break
    const { from, to, farthest } = worst
    stretches.splice(stretches.indexOf(worst), 1, stretch(curve, from, farthest), stretch(curve, farthest, to))
  }
  return [curve[0]!, ...stretches.map(({ to }) => curve[to]!)]
}

function stretch(curve: readonly WorkingPoint[], from: number, to: number): Stretch {
  const [a, b] = [curve[from]!, curve[to]!]
  const [across, down] = [b.efficiency - a.efficiency, b.rejection - a.rejection]
  const distance = (i: number) => {
    return (curve[i]!.efficiency - a.efficiency) * down - (curve[i]!.rejection - a.rejection) * across
  }
  let farthest = from
  let largest = 0
  let area = 0
  for (let i = from + 1; i < to; i++) {
    const here = Math.abs(distance(i))
    if (here > largest) {
      largest = here
      farthest = i
    }
    // The height of the curve over the line, times the step along it, the line's length cancelling out.
    const [before, next] = [curve[i - 1]!, curve[i + 1]!]
    const step = Math.abs(next.efficiency - before.efficiency) + Math.abs(next.rejection - before.rejection)
    area += (here * step) / 2
  }
  const length = Math.hypot(across, down)
  return { from, to, farthest, area: length > 0 ? area / length : 0 }
}
