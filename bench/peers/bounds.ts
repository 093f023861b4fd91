/** What must hold, and whether it does. */
import { type Figures, named, type Question, spreadOf } from './figures.ts'
import { JS, NATIVE, ONNXRUNTIME, PLAIN, RELAXED, SIMD } from './names.ts'
import type { Sizes } from './networks.ts'

const SMALL = [6, 15, 1]
const JETS = [17, 15, 1]
const LARGE = [
  [28, 32, 32, 1],
  [140, 72, 1],
]

interface Bound extends Question {
  name: string
  other: string
  /** The quotient is at most this; undefined where it is only to be seen. */
  most?: number
}

const one = (name: string, other: string, most?: number): Bound => ({ sizes: SMALL, batch: 0, name, other, most })
const batch = (sizes: Sizes, name: string, other: string, most?: number) => ({
  sizes,
  batch: 20_000,
  name,
  other,
  most,
})

const BOUNDS: Bound[] = [
  one(SIMD, NATIVE.avx2, 2),
  one(RELAXED, NATIVE.avx2, 1.7),
  one(SIMD, NATIVE.chain),
  one(RELAXED, NATIVE.chain),
  one(JS, PLAIN, 3),
  ...[SMALL, JETS].flatMap((sizes) => [
    batch(sizes, SIMD, NATIVE.avx2, 2),
    batch(sizes, SIMD, ONNXRUNTIME, 1),
    batch(sizes, RELAXED, NATIVE.avx2, 1.6),
  ]),
  ...LARGE.flatMap((sizes) => [
    batch(sizes, SIMD, NATIVE.sse, 1.4),
    batch(sizes, SIMD, NATIVE.avx2),
    batch(sizes, SIMD, ONNXRUNTIME),
    batch(sizes, RELAXED, NATIVE.avx2),
  ]),
]

/** Rows of: what, bound, measured, from least to most, held or not. */
export function boundRows(figures: Figures, peaks: readonly number[]): string[][] {
  const quotients = BOUNDS.map(({ sizes, batch, name, other, most }) => {
    const measured = figures.ratios({ sizes, batch }, name, other)
    const limit = most === undefined ? '' : `at most ${most.toFixed(1)}`
    return row(`${sizes.join('→')}, ${named(batch)}: ${name} / ${other}`, limit, measured, (x) => x <= most!)
  })
  const fractions = LARGE.flatMap((sizes) =>
    [1024, 20_000].map((batch) => {
      const rounds = figures.rounds({ sizes, batch }, NATIVE.avx2)
      const measured = rounds.map((nanoseconds, round) => operations(sizes) / nanoseconds / peaks[round]!)
      const what = `${sizes.join('→')}, ${named(batch)}: ${NATIVE.avx2}, fraction of the machine's peak`
      return row(what, 'at least 0.5', measured, (x) => x >= 0.5)
    }),
  )
  return [...quotients, ...fractions]
}

function row(what: string, limit: string, measured: readonly number[], holds: (median: number) => boolean): string[] {
  if (measured.length === 0) return [what, limit, '–', '–', 'not measured']
  const { median, least, most } = spreadOf(measured)
  const held = holds(median) ? 'held' : '**not held**'
  return [what, limit, median.toFixed(2), `${least.toFixed(2)} to ${most.toFixed(2)}`, limit && held]
}

/** Multiplications and additions of an event, activations left out. */
function operations(sizes: Sizes): number {
  return sizes.slice(1).reduce((sum, units, k) => sum + 2 * units * sizes[k]!, 0)
}
