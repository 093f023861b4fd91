/** A tree of LightGBM, and the columns that its nodes ask. */
import type { Numbers } from 'nndrone'
import { Place } from '../../document.ts'
import type { Categories, Tree } from '../../trees.ts'

/** The columns that nodes ask: the inputs, and for some of them one in which 0 is missing. */
export class Columns {
  readonly inputs: number
  readonly zeros: number[] = []

  constructor(inputs: number) {
    this.inputs = inputs
  }

  withoutZero(input: number): number {
    const known = this.zeros.indexOf(input)
    return this.inputs + (known >= 0 ? known : this.zeros.push(input) - 1)
  }
}

/** LightGBM takes whatever is this close to 0 for 0. */
const ZERO = Math.fround(1e-35)

export function withColumns(events: Numbers, inputs: number, zeros: readonly number[]): Float64Array {
  const width = inputs + zeros.length
  const values = new Float64Array((events.length / inputs) * width)
  for (let from = 0, to = 0; from < events.length; from += inputs, to += width) {
    values.set(events.subarray(from, from + inputs), to)
    for (let i = 0; i < zeros.length; i++) {
      const value = events[from + zeros[i]!]!
      values[to + inputs + i] = Math.abs(value) <= ZERO ? Number.NaN : value
    }
  }
  return values
}

/** Bits of `decision_type`: a split by category, the way of missing values, and what is missing. */
const CATEGORICAL = 1
const DEFAULT_LEFT = 2
const MISSING = { NONE: 0, ZERO: 1, NAN: 2 }

export function readTree(place: Place, columns: Columns, group: number): Tree {
  const leaves = place.get('num_leaves').whole(1, 1 << 28)
  const values = items(place.get('leaf_value')).numbers(leaves)
  if (place.has('is_linear') && place.get('is_linear').number() !== 0) place.refuse('linear trees are not read')
  const inner = leaves - 1
  const list = (key: string) => items(inner === 0 ? new Place(place.file, '', '') : place.get(key))
  const features = list('split_feature').integers(inner, 0, columns.inputs - 1)
  const types = place.has('decision_type') ? list('decision_type').integers(inner, 0, 15) : new Int32Array(inner)
  const lefts = list('left_child').integers(inner, -leaves, inner - 1)
  const rights = list('right_child').integers(inner, -leaves, inner - 1)
  const cuts = thresholds(list('threshold'), inner)
  // Inner nodes first, then the leaves; a child that is negative is a leaf's number, all bits turned.
  const below = padded(lefts, leaves, (child) => (child < 0 ? inner + ~child : child))
  const above = padded(rights, leaves, (child) => (child < 0 ? inner + ~child : child))
  const asked = features.map((input, i) => (isZeroMissing(types[i]!) ? columns.withoutZero(input) : input))
  return {
    columns: padded(asked, leaves, (column) => column, -1),
    thresholds: Float64Array.from([...cuts, ...values]),
    below,
    above,
    missing: below.map((left, i) => (goesLeft(types[i]!, cuts[i]!) ? left : above[i]!)),
    group,
    categories: readCategories(place, types, cuts),
  }
}

/** Whole numbers as bits of words. */
class Bits implements Categories {
  readonly #words: Uint32Array

  constructor(words: Uint32Array) {
    this.#words = words
  }

  has(category: number): boolean {
    const word = category >= 0 ? (this.#words[Math.floor(category / 32)] ?? 0) : 0
    return ((word >>> (category % 32)) & 1) === 1
  }
}

/** The categories of a split are bits of some words; its threshold is the number of its set, of which bounds are listed. */
function readCategories(place: Place, types: Int32Array, cuts: Float64Array): Map<number, Categories> {
  const nodes = [...types.keys()].filter((node) => types[node]! & CATEGORICAL)
  if (nodes.length === 0) return new Map()
  const sets = place.get('num_cat').whole(1, 1 << 28)
  const words = Uint32Array.from(items(place.get('cat_threshold')).numbers())
  const bounds = items(place.get('cat_boundaries')).integers(sets + 1, 0, words.length)
  return new Map(
    nodes.map((node) => {
      const set = place
        .get('threshold')
        .with(cuts[node])
        .whole(0, sets - 1)
      return [node, new Bits(words.subarray(bounds[set], bounds[set + 1]))]
    }),
  )
}

/** A category 0 is one like any other. */
function isZeroMissing(type: number): boolean {
  return type >> 2 === MISSING.ZERO && !(type & CATEGORICAL)
}

/** Without a kind of missing values of its own, a node takes NaN for 0; a missing category is none of the chosen. */
function goesLeft(type: number, cut: number): boolean {
  if (type & CATEGORICAL) return false
  return type >> 2 === MISSING.NONE ? cut >= 0 : (type & DEFAULT_LEFT) !== 0
}

function padded(list: Int32Array, more: number, value: (item: number) => number, rest = 0): Int32Array {
  const long = new Int32Array(list.length + more).fill(rest)
  long.set(list.map(value))
  return long
}

/** A split that only parts what is missing from the rest has an infinite one. */
const INFINITE: Readonly<Record<string, number>> = { inf: Number.POSITIVE_INFINITY, '-inf': Number.NEGATIVE_INFINITY }

function thresholds(place: Place, count: number): Float64Array {
  const list = place.value as (number | string)[]
  const isInfinite = (item: number | string) => Object.hasOwn(INFINITE, item)
  const finite = place.with(list.map((item) => (isInfinite(item) ? 0 : item))).numbers(count)
  return finite.map((number, i) => (isInfinite(list[i]!) ? INFINITE[list[i]!]! : number))
}

/** A text of numbers between spaces as a list; what is no number stays text. */
function items(place: Place): Place {
  const texts = place.text().split(' ')
  const list = texts.map((text) => (text !== '' && Number.isFinite(Number(text)) ? Number(text) : text))
  return place.with(place.value === '' ? [] : list)
}
