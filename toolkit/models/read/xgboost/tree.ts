/** A tree of XGBoost. */
import type { Place } from '../../document.ts'
import { justBelow, type Tree } from '../../trees.ts'

/** XGBoost takes no greater number for a category. */
const MOST_CATEGORIES = 1 << 24

/** @param weight of dart, whose leaves it scales */
export function readTree(place: Place, inputs: number, group: number, weight = 1): Tree {
  const lefts = place.get('left_children')
  const nodes = lefts.list().length
  checkLeaves(place)
  const left = lefts.integers(nodes, -1, nodes - 1)
  const right = place.get('right_children').integers(nodes, -1, nodes - 1)
  const columns = place.get('split_indices').integers(nodes, 0, inputs - 1)
  const goesLeft = place.get('default_left').integers(nodes, 0, 1)
  const categories = readCategories(place, nodes)
  const conditions = place.get('split_conditions')
  // A split by category has none.
  const known = categories.size === 0 ? conditions : withoutThose(conditions, categories)
  const thresholds = known.numbers(nodes)
  const missing = left.map((node, i) => (goesLeft[i] ? node : right[i]!))
  for (let i = 0; i < nodes; i++) {
    const leaf = left[i] === -1
    thresholds[i] = leaf ? Math.fround(Math.fround(thresholds[i]!) * Math.fround(weight)) : justBelow(thresholds[i]!)
    if (leaf) columns[i] = -1
  }
  // A category that is chosen goes to the right.
  const below = left.map((node, i) => (categories.has(i) ? right[i]! : node))
  const above = right.map((node, i) => (categories.has(i) ? left[i]! : node))
  return { columns, thresholds, below, above, missing, group, categories }
}

function withoutThose(conditions: Place, nodes: ReadonlyMap<number, unknown>): Place {
  return conditions.with(conditions.list().map(({ value }, node) => (nodes.has(node) ? 0 : value)))
}

/** @throws InputError where leaves are vectors */
function checkLeaves(place: Place): void {
  const size = place.get('tree_param').get('size_leaf_vector')
  if (size.value !== undefined && size.number() > 1) size.refuse('trees with a vector in each leaf are not read')
}

/** The chosen categories of all splits stand in one list, of which each split has a segment. */
function readCategories(place: Place, nodes: number): Map<number, ReadonlySet<number>> {
  const types = place.get('split_type')
  const byCategory = types.value === undefined ? 0 : types.integers(nodes, 0, 1).filter((type) => type === 1).length
  if (byCategory === 0) return new Map()
  const of = place.get('categories_nodes').integers(byCategory, 0, nodes - 1)
  const list = place.get('categories')
  const chosen = list.integers(list.list().length, 0, MOST_CATEGORIES - 1)
  const starts = place.get('categories_segments').integers(byCategory, 0, chosen.length)
  const sizes = place.get('categories_sizes')
  const counts = sizes.integers(byCategory, 0, chosen.length)
  const all = counts.reduce((sum, count) => sum + count, 0)
  if (all !== chosen.length) sizes.refuse(`${all} categories in all, expected ${chosen.length}`)
  return new Map(Array.from(of, (node, i) => [node, new Set(chosen.subarray(starts[i], starts[i]! + counts[i]!))]))
}
