/**
 * Boosted trees of squares (Friedman, Annals of Statistics 29 (2001) 1189), each full to its depth, with splits between
 * quantiles: what is asked in a trigger is few numbers, one after the other.
 */
import { type Contender, columnOf, type Lesson, quantileEdges } from './contender.ts'

/** A tree of 2^depth − 1 questions, x[feature] > threshold, and 2^depth answers. */
export interface Tree {
  features: Uint8Array
  thresholds: Float64Array
  leaves: Float32Array
}

const BINS = 64
const LEARNING_RATE = 0.4

export function trees(lesson: Lesson, count: number, depth: number): Contender {
  const grown = boosted(lesson, count, depth)
  const features = Uint8Array.from(grown.forest.flatMap((tree) => [...tree.features]))
  const thresholds = Float64Array.from(grown.forest.flatMap((tree) => [...tree.thresholds]))
  const leaves = Float32Array.from(grown.forest.flatMap((tree) => [...tree.leaves]))
  return {
    name: `${count} boosted trees of depth ${depth}`,
    bytes: features.byteLength + thresholds.byteLength + leaves.byteLength,
    score: compiled(grown.start, { features, thresholds, leaves }, count, depth),
  }
}

/** As text that is compiled: a line a tree, without a loop, and without a branch that could be guessed wrongly. */
function compiled(
  start: number,
  { features, thresholds, leaves }: Tree,
  count: number,
  depth: number,
): Contender['score'] {
  const inner = (1 << depth) - 1
  const lines = Array.from({ length: count }, (_, tree) => {
    const at = tree * inner
    const levels = Array.from({ length: depth - 1 }, () => {
      return `n = 2 * n + 1 + (event[features[${at} + n]] > thresholds[${at} + n])`
    })
    const root = `n = 1 + (event[${features[at]}] > ${thresholds[at]})`
    return `${[root, ...levels].join('; ')}; sum += leaves[${tree} + n + ${at - inner}]`
  })
  const body = `return (event) => { let sum = ${start}, n = 0; ${lines.join('; ')}; return sum }`
  return new Function('features', 'thresholds', 'leaves', body)(features, thresholds, leaves)
}

/** The trees, each grown on what those before left; all learn from all events. */
export function boosted(lesson: Lesson, count: number, depth: number): { start: number; forest: Tree[] } {
  const { inputs, events, answers } = lesson
  const edges = Array.from({ length: inputs }, (_, i) => quantileEdges(columnOf(lesson, i), BINS - 1))
  const bins = Uint8Array.from(events, (value, at) => edges[at % inputs]!.findLastIndex((edge) => edge < value) + 1)
  const start = answers.reduce((sum, answer) => sum + answer, 0) / answers.length
  const left = Float64Array.from(answers, (answer) => answer - start)
  const forest = Array.from({ length: count }, () => {
    const { tree, leafOf } = grow({ inputs, bins, edges, left }, depth)
    for (let n = 0; n < left.length; n++) left[n]! -= tree.leaves[leafOf[n]!]!
    return tree
  })
  return { start, forest }
}

interface Growing {
  inputs: number
  /** [count × inputs] */
  bins: Uint8Array
  edges: readonly Float64Array[]
  /** [count], what is to be learnt. */
  left: Float64Array
}

function grow(growing: Growing, depth: number): { tree: Tree; leafOf: Uint32Array } {
  const { edges, left, bins, inputs } = growing
  const inner = (1 << depth) - 1
  const tree = {
    features: new Uint8Array(inner),
    thresholds: new Float64Array(inner),
    leaves: new Float32Array(inner + 1),
  }
  const nodeOf = new Uint32Array(left.length)
  for (let node = 0; node < inner; node++) {
    const rows = [...nodeOf.keys()].filter((n) => nodeOf[n] === node)
    const { feature, bin } = bestSplit(growing, rows)
    tree.features[node] = feature
    // Where nothing is gained, all go the same way.
    tree.thresholds[node] = bin < 0 ? Infinity : edges[feature]![bin]!
    for (const n of rows) nodeOf[n] = 2 * node + (bin >= 0 && bins[n * inputs + feature]! > bin ? 2 : 1)
  }
  const sums = new Float64Array(inner + 1)
  const counts = new Float64Array(inner + 1)
  const leafOf = nodeOf.map((node) => node - inner)
  for (const [n, leaf] of leafOf.entries()) {
    sums[leaf]! += left[n]!
    counts[leaf]!++
  }
  for (let leaf = 0; leaf <= inner; leaf++) tree.leaves[leaf] = (LEARNING_RATE * sums[leaf]!) / (counts[leaf] || 1)
  return { tree, leafOf }
}

/** The question after which the squares are least; bin −1 where none helps. */
function bestSplit({ inputs, bins, edges, left }: Growing, rows: readonly number[]): { feature: number; bin: number } {
  const total = rows.reduce((sum, n) => sum + left[n]!, 0)
  let best = { feature: 0, bin: -1 }
  let most = total ** 2 / (rows.length || 1) + 1e-12
  for (let feature = 0; feature < inputs; feature++) {
    const sums = new Float64Array(BINS)
    const counts = new Uint32Array(BINS)
    for (const n of rows) {
      const bin = bins[n * inputs + feature]!
      sums[bin]! += left[n]!
      counts[bin]!++
    }
    let [sum, count] = [0, 0]
    for (let bin = 0; bin < edges[feature]!.length; bin++) {
      sum += sums[bin]!
      count += counts[bin]!
      if (count === 0 || count === rows.length) continue
      const gained = sum ** 2 / count + (total - sum) ** 2 / (rows.length - count)
      if (gained > most) [best, most] = [{ feature, bin }, gained]
    }
  }
  return best
}
