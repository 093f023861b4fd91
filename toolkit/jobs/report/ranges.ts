/** The bins of all histograms, chosen by the first events: the others are counted as they pass. */
import { Bins, binsOver } from '../../plots/index.ts'

/** Of the values, at either end, are taken for outliers. */
const OUTLYING = 0.002

/** A range is that of all values where outliers make it at most so many times as wide. */
const WIDER = 2

/** Bins over most of the values; a few outliers do not squeeze the others into one bin. */
export function binsFor(values: Float64Array, count: number): Bins {
  const sorted = values.filter(Number.isFinite).sort()
  if (sorted.length === 0) return binsOver(sorted, count)
  const outlying = Math.floor(sorted.length * OUTLYING)
  const inner = sorted.subarray(outlying, sorted.length - outlying)
  const width = (list: Float64Array) => list.at(-1)! - list[0]!
  return binsOver(width(sorted) <= WIDER * width(inner) ? sorted : inner, count)
}

/** Bins of scores: from 0 to 1 where they lie there, as probabilities do. */
export function scoreBins(scores: Float64Array, count: number): Bins {
  const known = scores.filter(Number.isFinite)
  return known.every((score) => score >= 0 && score <= 1) ? new Bins(0, 1, count) : binsFor(known, count)
}

/** Where nothing differs. */
const NARROWEST = 1e-6

/** Bins of differences, the same to either side of 0. */
export function residualBins(residuals: Float64Array, count: number): Bins {
  const sizes = residuals.filter(Number.isFinite).map(Math.abs).sort()
  const usual = 1.2 * (sizes[Math.floor(sizes.length * (1 - OUTLYING))] ?? 0)
  const largest = sizes.at(-1) ?? 0
  const most = Math.max(NARROWEST, largest <= WIDER * usual ? largest : usual)
  return new Bins(-most, most, count)
}
